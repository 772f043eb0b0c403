/** Plays the events that wait on the piano, each at its sample. */
import { ALL_NOTES_OFF, EXPRESSION, RESET_CONTROLLERS, SILENT_VELOCITY, SOFT, SOSTENUTO, SUSTAIN, VOLUME } from './controllers.ts';
import { BEND, NOTE_OFF, NOTE_ON, type EventQueue } from './event-queue.ts';
import type { Piano } from './piano.ts';

/** Samples of the model in which at most `STRIKES` strikes are computed: what is above waits, in order. A quantum at 96 kHz. */
const STRIKE_WINDOW = 64;
const STRIKES = 4;

/** Allocates only in the constructor. */
export class EventPlayer {
  readonly #piano: Piano;
  readonly #queue: EventQueue;
  readonly #tick: number;
  #strikesLeft = STRIKES;

  /** @param tick samples of a tick */
  constructor(piano: Piano, queue: EventQueue, tick: number) {
    this.#piano = piano;
    this.#queue = queue;
    this.#tick = tick;
  }

  /** Renders the coming tick with all events that fall into it. */
  playTick(): void {
    const piano = this.#piano;
    const start = piano.position;
    if (start % STRIKE_WINDOW === 0) this.#strikesLeft = STRIKES;
    piano.beginTick();
    this.#play(start, 1);
    piano.condition();
    this.#play(start, this.#tick);
    piano.endTick();
  }

  /** Plays the events up to `offset`, exclusively, of the tick at `start`. */
  #play(start: number, offset: number): void {
    const queue = this.#queue;
    for (; queue.sample < start + offset; queue.shift()) {
      const at = Math.max(0, queue.sample - start);
      if (queue.kind === NOTE_ON && queue.value <= SILENT_VELOCITY) {
        this.#piano.press(queue.number, at);
      } else if (queue.kind === NOTE_ON) {
        if (this.#strikesLeft === 0 || !this.#piano.strike(queue.number, queue.value, at)) return;
        this.#strikesLeft--;
      } else if (queue.kind === NOTE_OFF) {
        this.#piano.release(queue.number, queue.value, at);
      } else if (queue.kind === BEND) {
        this.#piano.bend(queue.number, queue.value);
      } else {
        this.#control(queue.number, queue.value, at);
      }
    }
  }

  #control(controller: number, value: number, at: number): void {
    if (controller === VOLUME) this.#piano.setVolume(value);
    else if (controller === EXPRESSION) this.#piano.setExpression(value);
    else if (controller === SUSTAIN) this.#piano.setSustain(value / 127, at);
    else if (controller === SOSTENUTO) this.#piano.setSostenuto(value >= 64, at);
    else if (controller === SOFT) this.#piano.setSoft(value / 127);
    else if (controller === RESET_CONTROLLERS) this.#piano.resetControllers(at);
    else if (controller === ALL_NOTES_OFF) this.#piano.releaseAll(at);
    else this.#piano.fadeAll(at);
  }
}
