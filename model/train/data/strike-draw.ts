/** Draws recorded strikes, and says as what each is learned: as its own key, or as one nearby that has no recording. */
import type { Random } from '../../random.ts';
import { FIRST_NOTE, NOTE_COUNT } from '../../spec.ts';
import { fundamental } from '../../tuning.ts';
import type { Strikes } from '../graph/note-network.ts';
import type { OwnKey } from '../parameters.ts';
import { pickBank, type TrainingBank, type TrainingNote } from './corpus-view.ts';

export interface DrawnStrike {
  readonly bank: TrainingBank;
  readonly note: TrainingNote;
}

export class StrikeDraw {
  readonly #banks: readonly TrainingBank[];
  readonly #elsewhere: number;
  readonly #neighbourhoods: ReadonlyMap<TrainingBank, ReadonlyMap<number, readonly WeightedKey[]>>;

  /** @param elsewhere share of the strikes that are learned for another key nearby, which becomes a mixture of the recordings around it */
  constructor(banks: readonly TrainingBank[], elsewhere: number) {
    this.#banks = banks;
    this.#elsewhere = elsewhere;
    this.#neighbourhoods = new Map(banks.map((bank) => [bank, neighbourhoods(bank)]));
  }

  draw(random: Random): DrawnStrike {
    const bank = pickBank(this.#banks, random);
    return { bank, note: random.pick(bank.notes) };
  }

  /** What the note network is given for them, each with its recording's pitch. */
  strikes(drawn: readonly DrawnStrike[], random: Random): Strikes {
    return { ...asRecorded(drawn), note: drawn.map(({ bank, note }) => (random.chance(this.#elsewhere) ? this.#beside(bank, note.note, random) : note.note)) };
  }

  #beside(bank: TrainingBank, note: number, random: Random): number {
    const near = this.#neighbourhoods.get(bank)!.get(note)!;
    return near.length === 0 ? note : near[random.weighted(near.map(({ weight }) => weight))]!.key;
  }
}

/** What the note network is given for strikes that are learned as their own keys. */
export function asRecorded(drawn: readonly DrawnStrike[]): Strikes {
  return {
    note: drawn.map(({ note }) => note.note),
    velocity: drawn.map(({ note }) => note.velocity),
    f0: drawn.map(({ bank, note }) => fundamental(bank.tuning, note.note)),
    inharmonicity: drawn.map(({ bank, note }) => bank.tuning.inharmonicity[note.note - FIRST_NOTE]!),
  };
}

/** The strikes that are learned as their own keys; undefined for the others. */
export function ownKeys(drawn: readonly DrawnStrike[], strikes: Strikes): (OwnKey | undefined)[] {
  return drawn.map(({ bank, note }, s) => (strikes.note[s] === note.note ? { row: bank.row, note: note.note } : undefined));
}

/** Mean of some number of each bank's strikes. */
export function meanByBank(drawn: readonly DrawnStrike[], values: readonly number[]): Record<string, number> {
  const byBank = new Map<string, number[]>();
  drawn.forEach(({ bank }, s) => byBank.set(bank.id, [...(byBank.get(bank.id) ?? []), values[s]!]));
  return Object.fromEntries([...byBank].map(([id, list]) => [id, list.reduce((sum, value) => sum + value, 0) / list.length]));
}

/** A key that a recording of another one may stand for. */
interface WeightedKey {
  readonly key: number;
  readonly weight: number;
}

/** A recording stands for keys up to this many times as far as the next recorded one ... */
const REACH = 3;
/** ... and, where recordings are that far apart, for no more than an octave. */
const FARTHEST = 12;

/**
 * The keys without a recording that each recorded key stands for, the rarer the farther: so a key between
 * two recordings is learned from about five of them, and what is odd in a single one averages out.
 */
function neighbourhoods(bank: TrainingBank): Map<number, WeightedKey[]> {
  const keys = [...new Set(bank.notes.map(({ note }) => note))].sort((a, b) => a - b);
  const recorded = new Set(keys);
  return new Map(
    keys.map((own, i) => {
      const reachOf = (next: number | undefined): number => {
        const gap = next === undefined ? NOTE_COUNT : Math.abs(next - own);
        return Math.max(gap, Math.min(REACH * gap, FARTHEST));
      };
      const below = reachOf(keys[i - 1]);
      const above = reachOf(keys[i + 1]);
      const near = Array.from({ length: NOTE_COUNT }, (_, n) => FIRST_NOTE + n)
        .map((key) => ({ key, weight: 1 - Math.abs(key - own) / (key < own ? below : above) }))
        .filter(({ key, weight }) => weight > 0 && !recorded.has(key));
      return [own, near];
    }),
  );
}
