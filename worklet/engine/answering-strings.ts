/** The lowest partials of all keys as driven modes in the kernel's memory. */
import { ANSWERING_PARTIALS, answerRate, answerSign, answeringPartials, couplingOf } from '../../model/resonance.ts';
import { FIRST_NOTE, NOTE_COUNT } from '../../model/spec.ts';
import { fundamental, partialFrequency } from '../../model/tuning.ts';
import type { Kernel } from './kernel.ts';
import type { Layout } from './layout.ts';
import type { Timbre } from './strike.ts';

/** Of one group of four modes, as in `worklet/kernel/resonance.ts`. */
const GROUP_FLOATS = 20;
const [COSINE, SINE, WEIGHT, RE, IM] = [0, 4, 8, 12, 16];
/** Groups that a key has room for. */
export const GROUPS = ANSWERING_PARTIALS / 4;
const KEY_FLOATS = GROUPS * GROUP_FLOATS;

/** Keys are counted from 0. Only the constructor and `attach` allocate. */
export class AnsweringStrings {
  readonly #rate: number;
  readonly #address: number;
  readonly #f0 = new Float64Array(NOTE_COUNT);
  readonly #inharmonicity = new Float64Array(NOTE_COUNT);
  readonly #groups = new Uint8Array(NOTE_COUNT);
  #bank: Float32Array = new Float32Array(0);
  /** Keys that have the present tuning. */
  #tuned = 0;
  #cents = NaN;

  /** @param rate in Hz at which the modes run */
  constructor(layout: Layout, rate: number) {
    this.#rate = rate;
    this.#address = layout.floats(NOTE_COUNT * KEY_FLOATS);
    this.#cents = 0;
  }

  attach(kernel: Kernel): void {
    this.#bank = kernel.floats(this.#address, NOTE_COUNT * KEY_FLOATS);
  }

  /** Groups of a key that hold partials. */
  groups(key: number): number {
    return this.#groups[key]!;
  }

  /** Address of one group of a key. */
  address(key: number, group = 0): number {
    return this.#address + 4 * (key * KEY_FLOATS + group * GROUP_FLOATS);
  }

  /** Silences a key from group `first` on. */
  clear(key: number, first = 0): void {
    for (let group = first; group < GROUPS; group++) {
      const at = key * KEY_FLOATS + group * GROUP_FLOATS;
      this.#bank.fill(0, at + RE, at + GROUP_FLOATS);
    }
  }

  /** Sets the tuning that `tune` brings to the keys. */
  setTimbre({ tuning }: Timbre): void {
    for (let key = 0; key < NOTE_COUNT; key++) {
      this.#f0[key] = fundamental(tuning, FIRST_NOTE + key);
      this.#inharmonicity[key] = tuning.inharmonicity[key]!;
    }
    this.#tuned = 0;
  }

  /** Sets the pitch that `tune` brings to the keys. @param cents above the timbre's */
  retune(cents: number): void {
    if (cents === this.#cents) return;
    this.#cents = cents;
    this.#tuned = 0;
  }

  /** Tunes the next `count` keys that still have an earlier tuning; what rings keeps its phase. */
  tune(count: number): void {
    const end = Math.min(NOTE_COUNT, this.#tuned + count);
    for (; this.#tuned < end; this.#tuned++) this.#tuneKey(this.#tuned);
  }

  /** Takes over what rings in another bank. @param lag samples of this bank that the other's state is older than this one's */
  follow(other: AnsweringStrings, lag: number): void {
    const scale = this.#rate / other.#rate;
    const [mine, theirs] = [this.#bank, other.#bank];
    for (let group = 0; group < NOTE_COUNT * GROUPS; group++) {
      for (let lane = 0; lane < 4; lane++) {
        const at = group * GROUP_FLOATS + lane;
        const radius = Math.hypot(mine[at + COSINE]!, mine[at + SINE]!);
        const turn = lag * Math.atan2(mine[at + SINE]!, mine[at + COSINE]!);
        const keep = radius > 0 ? scale * radius ** lag : 0;
        const [cosine, sine] = [keep * Math.cos(turn), keep * Math.sin(turn)];
        mine[at + RE] = theirs[at + RE]! * cosine - theirs[at + IM]! * sine;
        mine[at + IM] = theirs[at + RE]! * sine + theirs[at + IM]! * cosine;
      }
    }
  }

  #tuneKey(key: number): void {
    const f0 = this.#f0[key]! * 2 ** (this.#cents / 1200);
    const inharmonicity = this.#inharmonicity[key]!;
    const partials = answeringPartials(f0, inharmonicity);
    this.#groups[key] = Math.ceil(partials / 4);
    for (let i = 0; i < ANSWERING_PARTIALS; i++) {
      const at = key * KEY_FLOATS + (i >> 2) * GROUP_FLOATS + (i & 3);
      const frequency = partialFrequency(f0, inharmonicity, i + 1);
      const decay = answerRate(f0, frequency) / this.#rate;
      const sounds = i < partials;
      const radius = sounds ? Math.exp(-decay) : 0;
      const omega = (2 * Math.PI * frequency) / this.#rate;
      this.#bank[at + COSINE] = radius * Math.cos(omega);
      this.#bank[at + SINE] = radius * Math.sin(omega);
      // A drive of amplitude A leaves the state at A / (2 decay).
      this.#bank[at + WEIGHT] = sounds ? answerSign(FIRST_NOTE + key, i + 1) * 2 * couplingOf(FIRST_NOTE + key) * decay : 0;
    }
  }
}
