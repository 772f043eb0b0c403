import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { WHITE_COUNT } from './keyboard-layout.ts';

/** Narrowest white keys that a finger and a mouse can play, in CSS pixels. */
const FINGER_WIDTH = 38;
const MOUSE_WIDTH = 15;
const FEWEST_KEYS = 7;
/** White keys from the lowest to middle C. */
const MIDDLE_C = 23;

/** Which keys are shown: all, or as many around middle C as can be played at the width of the host. */
export class KeyWindowController implements ReactiveController {
  /** White keys to the left of the window. */
  first = 0;
  /** White keys in the window. */
  shown = WHITE_COUNT;
  readonly #host: ReactiveControllerHost & Element;
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
    this.first = Math.min(WHITE_COUNT - this.shown, Math.max(0, first));
    this.#host.requestUpdate();
  }

  #fit(width: number): void {
    const narrowest = matchMedia('(pointer: coarse)').matches ? FINGER_WIDTH : MOUSE_WIDTH;
    this.shown = Math.min(WHITE_COUNT, Math.max(FEWEST_KEYS, Math.floor(width / narrowest)));
    this.moveTo(MIDDLE_C - Math.floor(this.shown / 2));
  }
}
