/** A seeded storm of MIDI messages, in an order that no keyboard would send. */
import { Random } from '../../model/random.ts';

/** What the messages of a storm are, and how often out of a hundred. */
export const STORM_MIX = {
  noteOn: 20,
  /** A note-on of velocity 0, which is a note-off. */
  noteOnOfNothing: 10,
  noteOff: 20,
  controller: 30,
  programChange: 10,
  pitchBend: 10,
} as const;

const KINDS = Object.keys(STORM_MIX) as (keyof typeof STORM_MIX)[];
const WEIGHTS = Object.values(STORM_MIX);
const VALUES = 128;
const CHANNELS = 16;
const SUSTAIN = 64;
const SUSTAIN_SHARE = 0.3;
/** Controllers from here on are channel mode messages, such as "all sound off": so rare that the music goes on. */
const FIRST_CHANNEL_MODE = 120;
const CHANNEL_MODE_SHARE = 0.002;
const AT_ONCE_SHARE = 0.5;
/** Seconds. */
const DELAYS = [-0.01, 0.03] as const;

/** Draws one message after the other; the same seed gives the same storm. */
export class Storm {
  readonly #random: Random;

  constructor(seed: number) {
    this.#random = new Random(seed);
  }

  /** Bytes of the next message, of any channel. */
  next(): Uint8Array {
    const random = this.#random;
    const channel = random.below(CHANNELS);
    const number = random.below(VALUES);
    switch (KINDS[random.weighted(WEIGHTS)]!) {
      case 'noteOn':
        return Uint8Array.of(0x90 | channel, number, 1 + random.below(VALUES - 1));
      case 'noteOnOfNothing':
        return Uint8Array.of(0x90 | channel, number, 0);
      case 'noteOff':
        return Uint8Array.of(0x80 | channel, number, random.below(VALUES));
      case 'controller':
        return Uint8Array.of(0xb0 | channel, this.#controller(), random.below(VALUES));
      case 'programChange':
        return Uint8Array.of(0xc0 | channel, number);
      case 'pitchBend':
        return Uint8Array.of(0xe0 | channel, number, random.below(VALUES));
    }
  }

  /** Seconds from now that the message is due, some of them past; undefined for at once. */
  nextDelay(): number | undefined {
    return this.#random.chance(AT_ONCE_SHARE) ? undefined : this.#random.between(...DELAYS);
  }

  #controller(): number {
    const random = this.#random;
    if (random.chance(CHANNEL_MODE_SHARE)) return FIRST_CHANNEL_MODE + random.below(VALUES - FIRST_CHANNEL_MODE);
    return random.chance(SUSTAIN_SHARE) ? SUSTAIN : random.below(FIRST_CHANNEL_MODE);
  }
}
