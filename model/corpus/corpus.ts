/** The corpus: recorded pianos, note by note, as described by a corpus.json file. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { InputError } from '../input-error.ts';

/** Version tag of corpus files; readers refuse any other. */
export const CORPUS_FORMAT = 'piano-corpus/1';

/** One recorded strike. */
export interface Sample {
  /** MIDI note, 21..108. */
  readonly note: number;
  /** Velocity layer, 1 is the softest. */
  readonly layer: number;
  /** Lowest and highest MIDI velocity that this layer serves. */
  readonly velocityRange: readonly [number, number];
  /** MIDI velocity that the recording stands for. */
  readonly velocity: number;
  /** Absolute path of a FLAC or Ogg Vorbis file. */
  readonly path: string;
  /** Start of the strike in seconds as the corpus states it; undefined where it does not. */
  readonly onsetSeconds: number | undefined;
}

/** One recorded piano. */
export interface Bank {
  readonly id: string;
  readonly name: string;
  /** `grand`, `upright` or `electric grand`. */
  readonly kind: string;
  /** False where the layers were brought to one level and need a velocity-to-gain curve. */
  readonly naturalDynamics: boolean;
  readonly licence: string;
  /** Must be named wherever weights or styles trained on this bank are shipped. */
  readonly credit: string;
  readonly source: string;
  readonly samples: readonly Sample[];
}

/** Nominal velocity of a sample that serves all velocities. */
const SINGLE_LAYER_VELOCITY = 80;

/** MIDI velocity that stands for a range: its middle, or 80 where one layer serves all. */
export function nominalVelocity([low, high]: readonly [number, number]): number {
  return low <= 1 && high >= 127 ? SINGLE_LAYER_VELOCITY : (low + high) / 2;
}

const text = v.pipe(v.string(), v.minLength(1));
const whole = (low: number, high: number) => v.pipe(v.number(), v.integer(), v.minValue(low), v.maxValue(high));
const sampleSchema = v.object({
  note: whole(21, 108),
  layer: whole(1, 127),
  velocityRange: v.pipe(
    v.tuple([whole(0, 127), whole(0, 127)]),
    v.check(([low, high]) => low <= high, 'the lower velocity lies above the higher one'),
  ),
  file: text,
  onsetSeconds: v.optional(v.pipe(v.number(), v.minValue(0))),
});
const bankSchema = v.object({
  id: v.pipe(v.string(), v.regex(/^[a-z0-9-]+$/, 'an id holds only a-z, 0-9 and -')),
  name: text,
  kind: text,
  naturalDynamics: v.boolean(),
  license: text,
  credit: text,
  source: text,
  samples: v.pipe(v.array(sampleSchema), v.minLength(1)),
});
const corpusSchema = v.object({
  format: v.literal(CORPUS_FORMAT),
  pianos: v.pipe(v.array(bankSchema), v.minLength(1)),
});

/**
 * Checks a parsed corpus.json.
 *
 * @param folder where the sample files' relative paths start
 * @throws InputError naming `source` and the first field that is wrong
 */
export function parseCorpus(value: unknown, folder: string, source: string): Bank[] {
  const result = v.safeParse(corpusSchema, value);
  if (!result.success) {
    const issue = result.issues[0];
    const field = v.getDotPath(issue);
    throw new InputError(source, field === null ? issue.message : `${field}: ${issue.message}`);
  }
  const seen = new Set<string>();
  return result.output.pianos.map((bank) => {
    if (seen.has(bank.id)) throw new InputError(source, `two banks have the id ${bank.id}`);
    seen.add(bank.id);
    const samples = bank.samples.map((sample) => ({
      note: sample.note,
      layer: sample.layer,
      velocityRange: sample.velocityRange,
      velocity: nominalVelocity(sample.velocityRange),
      path: join(folder, sample.file),
      onsetSeconds: sample.onsetSeconds,
    }));
    const strikes = new Set<string>();
    for (const { note, layer } of samples) {
      const strike = `note ${note}, layer ${layer}`;
      if (strikes.has(strike)) throw new InputError(source, `${bank.id} holds ${strike} twice`);
      strikes.add(strike);
    }
    const { id, name, kind, naturalDynamics, license: licence, credit } = bank;
    return { id, name, kind, naturalDynamics, licence, credit, source: bank.source, samples };
  });
}

/**
 * Reads the banks of a corpus.json file.
 *
 * @throws InputError where the file is missing, is not JSON or describes no corpus
 */
export async function readCorpus(path: string): Promise<Bank[]> {
  let content: string;
  try {
    content = await readFile(path, 'utf8');
  } catch {
    throw new InputError(path, 'cannot be read');
  }
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    throw new InputError(path, 'is not JSON');
  }
  return parseCorpus(value, dirname(path), path);
}
