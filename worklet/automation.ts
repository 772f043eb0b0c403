/** What AudioParams do to the sound, block by block. */
import { SUSTAIN } from './engine/controllers.ts';
import type { CrossfadingEngine } from './engine/crossfading-engine.ts';
import type { Stage } from './engine/stage.ts';
import type { FirstParameters, ParameterName } from './protocol.ts';

export type ParameterBlocks = Readonly<Record<ParameterName, Float32Array>>;

/** Follows the AudioParams on the audio thread. A parameter that rests leaves the last word to messages. Allocates only in the constructor. */
export class Automation {
  // Fields that start as doubles hold doubles in place: no box for every store.
  #width = NaN;
  #room = NaN;
  #resonance = NaN;
  #pedal = NaN;
  #volume = NaN;

  constructor({ width, room, resonance, volume }: FirstParameters) {
    this.#width = Math.fround(width);
    this.#room = Math.fround(room);
    this.#resonance = Math.fround(resonance);
    this.#volume = Math.fround(volume);
    this.#pedal = 0;
  }

  /** Before a block: passes on what was moved since the one before. */
  follow(parameters: ParameterBlocks, piano: CrossfadingEngine, stage: Stage): void {
    const width = parameters.width[0]!;
    const room = parameters.room[0]!;
    const resonance = parameters.resonance[0]!;
    const pedal = parameters.pedal[0]!;
    if (width !== this.#width || room !== this.#room) stage.set(width, room);
    if (resonance !== this.#resonance) piano.setResonance(resonance);
    if (pedal !== this.#pedal) piano.control(SUSTAIN, 127 * pedal);
    this.#width = width;
    this.#room = room;
    this.#resonance = resonance;
    this.#pedal = pedal;
  }

  /** After a block, in place: its gain, drawn linearly from the block before. @param right absent where there is one channel */
  amplify(parameters: ParameterBlocks, left: Float32Array, right: Float32Array | undefined): void {
    const volume = parameters.volume[0]!;
    const from = this.#volume;
    this.#volume = volume;
    if (from === 1 && volume === 1) return;
    const step = (volume - from) / left.length;
    for (let n = 0; n < left.length; n++) {
      const gain = from + step * (n + 1);
      left[n]! *= gain;
      if (right !== undefined) right[n]! *= gain;
    }
  }
}
