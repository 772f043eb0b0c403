import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { turned, type Turnable } from './sound-settings.ts';

/** Which controller turns each setting. */
export type Learned = Readonly<Partial<Record<Turnable, number>>>;

export interface LearnListener {
  /** Controllers that were learned; a new object for each change. */
  learned: Learned;
  /** A controller that was learned has moved. */
  onTurn(setting: Turnable, value: number): void;
}

/** Controllers that have a meaning which none other can take: bank, data and parameter numbers, pedals, channel modes. */
const TAKEN = new Set([0, 6, 32, 38, 64, 66, 67, 96, 97, 98, 99, 100, 101]);
const FIRST_MODE = 120;

/** Binds controllers of a MIDI keyboard to settings: choose a setting, move a controller. */
export class MidiLearn implements ReactiveController {
  /** The setting that waits for a controller. */
  waiting: Turnable | undefined;
  readonly #host: ReactiveControllerHost & LearnListener;

  constructor(host: ReactiveControllerHost & LearnListener) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.waiting = undefined;
  }

  /** Waits for a controller, or no longer. */
  toggle(setting: Turnable): void {
    this.waiting = this.waiting === setting ? undefined : setting;
    this.#host.requestUpdate();
  }

  forget(setting: Turnable): void {
    this.#host.learned = Object.fromEntries(Object.entries(this.#host.learned).filter(([name]) => name !== setting));
  }

  /** Takes a controller's move. @param value 0..127; @returns whether it turned a setting, and means nothing else */
  take(controller: number, value: number): boolean {
    if (TAKEN.has(controller) || controller >= FIRST_MODE) return false;
    if (this.waiting !== undefined) {
      // One controller turns one setting.
      const others = Object.entries(this.#host.learned).filter(([, learned]) => learned !== controller);
      this.#host.learned = { ...Object.fromEntries(others), [this.waiting]: controller };
      this.waiting = undefined;
    }
    const bound = Object.entries(this.#host.learned).find(([, learned]) => learned === controller);
    if (bound === undefined) return false;
    const setting = bound[0] as Turnable;
    this.#host.onTurn(setting, turned(setting, value));
    return true;
  }
}
