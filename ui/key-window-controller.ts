import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { WHITE_COUNT } from './keyboard-layout.ts';

/** Narrowest white keys that a finger and a mouse can play, in CSS pixels. */
const FINGER_WIDTH = 38;
const MOUSE_WIDTH = 15;
const FEWEST_KEYS = 7;
/** White keys from the lowest to middle C. */
const MIDDLE_C = 23;

/** Which keys are shown: all, or as many as can be played at the width of the host, around middle C until the player moves them. */
export class KeyWindowController implements ReactiveController {
  /** White keys to the left of the window. */
  first = 0;
  /** White keys in the window. */
  shown = WHITE_COUNT;
  readonly #host: ReactiveControllerHost & Element;
  /** White key in the middle of the window, until the player moves it. */
  #middle = MIDDLE_C;
  readonly #resizes = new ResizeObserver(([entry]) => this.#fit(entry!.contentRect.width));

  constructor(host: ReactiveControllerHost & Element) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#resizes.observe(this.#host);
  }

  hostDisconnected(): void {
    this.#resizes.disconnect();
  }

  /** Moves the window, as far as there are keys. */
  moveTo(first: number): void {
    this.#show(first);
    this.#middle = this.first + Math.floor(this.shown / 2);
  }

  /** Keeps what is in the middle there; an element that is hidden has no width. */
  #fit(width: number): void {
    if (width === 0) return;
    const narrowest = matchMedia('(pointer: coarse)').matches ? FINGER_WIDTH : MOUSE_WIDTH;
    this.shown = Math.min(WHITE_COUNT, Math.max(FEWEST_KEYS, Math.floor(width / narrowest)));
    this.#show(this.#middle - Math.floor(this.shown / 2));
  }

  #show(first: number): void {
    this.first = Math.min(WHITE_COUNT - this.shown, Math.max(0, first));
    this.#host.requestUpdate();
  }
}
