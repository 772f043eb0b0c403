/** How well a classifier tells recordings from what is played instead: in all banks together, by bank. */
import type { Bank, Sample } from '../../model/corpus/corpus.ts';
import { readMono } from '../../model/corpus/source-audio.ts';
import { cutClip } from './clip.ts';
import { fingerprint, type Fingerprint } from './fingerprint.ts';
import type { Comparison } from './left-out.ts';
import { STRIKE_RATE } from './strike.ts';
import { accuracy, tellApart } from './two-sample.ts';

/** Share of right answers, 0.5 where nothing can be told, by the first second and by the first 60 ms alone. */
export interface ToldApart {
  readonly c2st: number;
  readonly c2stAttack: number;
}

export interface ToldApartByBank {
  /** Every strike counts once. */
  readonly all: ToldApart;
  readonly banks: ReadonlyMap<string, ToldApart>;
}

interface Twin {
  readonly bank: string;
  readonly note: number;
  readonly real: Fingerprint;
  readonly other: Fingerprint;
}

function tellTwinsApart(twins: readonly Twin[]): ToldApartByBank {
  const right = (part: keyof Fingerprint): number[] => tellApart(twins.map(({ note, real, other }) => ({ note, a: real[part], b: other[part] })));
  const [second, attack] = [right('second'), right('attack')];
  const of = (wanted: (twin: Twin) => boolean): ToldApart => ({
    c2st: accuracy(second.filter((_, i) => wanted(twins[i]!))),
    c2stAttack: accuracy(attack.filter((_, i) => wanted(twins[i]!))),
  });
  const ids = [...new Set(twins.map(({ bank }) => bank))];
  return { all: of(() => true), banks: new Map(ids.map((id) => [id, of(({ bank }) => bank === id)])) };
}

/** @param choose what stands against the recording of each strike */
export function toldApart(banks: ReadonlyMap<string, readonly Comparison[]>, choose: (comparison: Comparison) => Fingerprint): ToldApartByBank {
  return tellTwinsApart(
    [...banks].flatMap(([bank, comparisons]) => comparisons.map((c) => ({ bank, note: c.sample.note, real: c.recorded, other: choose(c) }))),
  );
}

/** Two banks that heard the same strikes, and the layers of them that are compared. */
const MICROPHONES = ['headroom-c3-close', 'headroom-c3-decca'] as const;
const LAYERS = [2, 4];
const SECONDS = 1.6;

/** One strike heard by two microphones: what is told apart where both are real. Undefined where a bank is missing. */
export async function microphonesToldApart(banks: readonly Bank[], onStrike: () => void): Promise<ToldApart | undefined> {
  const [close, far] = MICROPHONES.map((id) => banks.find((bank) => bank.id === id));
  if (close === undefined || far === undefined) return undefined;
  const hear = async ({ path, note, velocity }: Sample): Promise<Fingerprint> => fingerprint(cutClip(await readMono(path, STRIKE_RATE, SECONDS), STRIKE_RATE), note, velocity);
  const twins: Twin[] = [];
  for (const sample of close.samples.filter(({ layer }) => LAYERS.includes(layer))) {
    const other = far.samples.find(({ note, layer }) => note === sample.note && layer === sample.layer);
    if (other === undefined) continue;
    twins.push({ bank: 'microphones', note: sample.note, real: await hear(sample), other: await hear(other) });
    onStrike();
  }
  return tellTwinsApart(twins).all;
}
