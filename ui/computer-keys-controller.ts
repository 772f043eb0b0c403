import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { ComputerKeys } from './computer-keys.ts';

export interface ComputerKeysListener {
  noteOn(note: number): void;
  noteOff(note: number): void;
  /** The space bar: true while it is down. */
  onPedalKey(down: boolean): void;
}

const PEDAL = 'Space';
/** Elements in which letters are typed or choose. */
const TYPING = 'input:not([type=range], [type=radio], [type=checkbox]), textarea, select, [contenteditable]';
/** Elements that the space bar presses, when the player came to them with the keyboard. */
const PRESSABLE = 'button, summary, a, input, [role=button]';

/** Plays with the keys of the computer, wherever on the page the focus is. */
export class ComputerKeysController implements ReactiveController {
  readonly keys: ComputerKeys = new ComputerKeys();
  /** What is printed on the piano's keys. */
  legends: ReadonlyMap<number, string> = this.keys.legends();
  readonly #host: ReactiveControllerHost & ComputerKeysListener;
  #letters: ReadonlyMap<string, string> | undefined;
  #pedalDown = false;
  /** Whether the focus was last set with the keyboard and not by a pointer. */
  #movesByKeyboard = false;

  constructor(host: ReactiveControllerHost & ComputerKeysListener) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    addEventListener('keydown', this.#onKeyDown);
    addEventListener('keyup', this.#onKeyUp);
    addEventListener('blur', this.#onBlur);
    addEventListener('pointerdown', this.#onPointerDown);
    void this.#readLayout();
  }

  hostDisconnected(): void {
    removeEventListener('keydown', this.#onKeyDown);
    removeEventListener('keyup', this.#onKeyUp);
    removeEventListener('blur', this.#onBlur);
    removeEventListener('pointerdown', this.#onPointerDown);
    this.#onBlur();
  }

  /** Moves the computer's keys up or down the piano. */
  shift(octaves: number): void {
    this.keys.shift(octaves);
    this.#printLegends();
  }

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    if (event.code === 'Tab') this.#movesByKeyboard = true;
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    const target = event.composedPath()[0];
    if (target instanceof Element && target.matches(TYPING)) return;
    if (event.code === PEDAL) {
      if (this.#movesByKeyboard && target instanceof Element && target.matches(PRESSABLE)) return;
      event.preventDefault();
      if (!event.repeat) this.#pedal(true);
      return;
    }
    if (event.repeat) return;
    const action = this.keys.down(event.code);
    if (action?.type === 'strike') this.#host.noteOn(action.note);
    if (action?.type === 'shift') this.#printLegends();
  };

  readonly #onKeyUp = (event: KeyboardEvent): void => {
    if (event.code === PEDAL && this.#pedalDown) {
      // Else a button that was clicked before would be clicked again.
      event.preventDefault();
      this.#pedal(false);
    }
    const note = this.keys.up(event.code);
    if (note !== undefined) this.#host.noteOff(note);
  };

  /** A page that loses the focus sees no key come up. */
  readonly #onBlur = (): void => {
    for (const note of this.keys.releaseAll()) this.#host.noteOff(note);
    if (this.#pedalDown) this.#pedal(false);
  };

  readonly #onPointerDown = (): void => {
    this.#movesByKeyboard = false;
  };

  #pedal(down: boolean): void {
    this.#pedalDown = down;
    this.#host.onPedalKey(down);
  }

  async #readLayout(): Promise<void> {
    const { keyboard } = navigator as { keyboard?: { getLayoutMap(): Promise<ReadonlyMap<string, string>> } };
    this.#letters = await keyboard?.getLayoutMap().catch(() => undefined);
    this.#printLegends();
  }

  #printLegends(): void {
    this.legends = this.keys.legends(this.#letters);
    this.#host.requestUpdate();
  }
}
