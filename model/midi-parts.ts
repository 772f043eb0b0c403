/** The parts of a MIDI file at one piano: which of them hold its keys and its pedals. */

/** Sustain, sostenuto and una corda. */
export const PEDALS: readonly number[] = [64, 66, 67];
const CHANNELS = 16;

/** A hand is a track and a channel: `track * 16 + channel`. Pedals belong to channels, as a part may have them on a track of their own. */
export class MidiParts {
  /** Hands that hold each key. */
  readonly #hands = new Map<number, Set<number>>();
  /** Depth of each pedal, 0..127, by channels. */
  readonly #feet = new Map(PEDALS.map((pedal) => [pedal, new Map<number, number>()]));

  press(hand: number, note: number): void {
    const hands = this.#hands.get(note) ?? new Set();
    this.#hands.set(note, hands.add(hand));
  }

  /** @returns whether the key comes up: the last hand that held it has let go */
  release(hand: number, note: number): boolean {
    const hands = this.#hands.get(note);
    hands?.delete(hand);
    return hands === undefined || hands.size === 0;
  }

  /** Lets all keys of a channel go. @returns those that come up */
  letGo(channel: number): number[] {
    const up: number[] = [];
    for (const [note, hands] of this.#hands) {
      const before = hands.size;
      for (const hand of hands) if (hand % CHANNELS === channel) hands.delete(hand);
      if (before > 0 && hands.size === 0) up.push(note);
    }
    return up;
  }

  /**
   * Moves a pedal of a channel; the piano's is as deep as the deepest.
   *
   * @returns how deep the piano's pedal is; undefined where another channel holds it deeper all along
   */
  pedal(channel: number, pedal: number, depth: number): number | undefined {
    const feet = this.#feet.get(pedal)!;
    const others = Math.max(0, ...[...feet].map(([foot, value]) => (foot === channel ? 0 : value)));
    const heldBefore = others >= (feet.get(channel) ?? 0);
    feet.set(channel, depth);
    return heldBefore && others > depth ? undefined : Math.max(others, depth);
  }

  /** Lifts all pedals of a channel. @returns the pedals that move, and how deep they are then */
  lift(channel: number): { readonly pedal: number; readonly depth: number }[] {
    return PEDALS.flatMap((pedal) => {
      if (!this.#feet.get(pedal)!.get(channel)) return [];
      const depth = this.pedal(channel, pedal, 0);
      return depth === undefined ? [] : [{ pedal, depth }];
    });
  }
}
