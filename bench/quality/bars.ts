/** What the sound has to reach, in one place, and whether it does. */
import type { Listening } from './listening.ts';
import type { KeysReport, Tally } from './keys-report.ts';
import type { NoteScore } from './note-score.ts';
import type { BankReport, Report } from './report.ts';

export const BARS = {
  salamander: { mel: 2, lsd: 3.5, attack: 3.5 },
  others: { mel: 3, attack: 5 },
  worstMel: 4,
  /** The WaveNet must bring one of the two: dB of attack, or accuracy of the classifier. */
  waveNet: { attack: 0.5, c2st: 0.1 },
  /** Share that a decay time or B may differ by. */
  decay: 0.2,
  inharmonicity: 0.1,
  attackSeconds: 0.003,
  cents: 3,
  /** dB that a key may lie off its neighbours' mean. */
  even: 2,
  morph: 0.25,
  mono: 1.5,
  noteF1: 0.95,
  aloneF1: 1,
  velocity: 0.6,
  transferF1: 0.9,
  /** dB between phrases before and after transfer. */
  loudness: 3,
} as const;

const SALAMANDER = 'salamander-c5';
/** Its recordings are out of tune and their tails raised: it counts in the mean, and not as the worst. */
const ASIDE = 'steinhoff-upright';

export interface Verdict {
  readonly what: string;
  /** What was reached and what was wanted, for people. */
  readonly reached: string;
  readonly bar: string;
  readonly met: boolean;
}

const most = (what: string, value: number, bar: number, unit: string, digits = 1): Verdict => ({
  what,
  reached: `${value.toFixed(digits)}${unit}`,
  bar: `at most ${bar}${unit}`,
  met: value <= bar,
});

const least = (what: string, value: number, bar: number): Verdict => ({ what, reached: value.toFixed(2), bar: `at least ${bar}`, met: value >= bar });

/** Differences carry their sign, and nothing is no minus nothing. */
const signed = (value: number, digits: number): string => (Math.abs(value) < 0.5 * 10 ** -digits ? 0 : value).toFixed(digits);

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Every key must stay within its limit. */
function everyKey(what: string, bar: string, tallies: readonly Tally[]): Verdict {
  const keys = tallies.reduce((sum, tally) => sum + tally.keys, 0);
  const within = tallies.reduce((sum, tally) => sum + tally.within, 0);
  return { what, reached: `${within} of ${keys} keys (${Math.floor((100 * within) / keys)} %)`, bar, met: within === keys };
}

function distanceVerdicts(banks: Readonly<Record<string, BankReport>>): Verdict[] {
  const verdicts: Verdict[] = [];
  const salamander = banks[SALAMANDER];
  if (salamander) for (const name of ['mel', 'lsd', 'attack'] as const) verdicts.push(most(`Salamander, ${name}`, salamander[name], BARS.salamander[name], ' dB'));
  const others = Object.entries(banks).filter(([id]) => id !== SALAMANDER);
  if (others.length === 0) return verdicts;
  for (const name of ['mel', 'attack'] as const) verdicts.push(most(`mean of other pianos, ${name}`, mean(others.map(([, bank]) => bank[name])), BARS.others[name], ' dB'));
  const counted = others.filter(([id]) => id !== ASIDE);
  if (counted.length > 0) {
    const [id, bank] = counted.reduce((worst, each) => (each[1].mel > worst[1].mel ? each : worst));
    verdicts.push(most(`worst of them, mel (${id})`, bank.mel, BARS.worstMel, ' dB'));
  }
  return verdicts;
}

function waveNetVerdict({ model, withoutWaveNet }: Report['means']): Verdict {
  const attack = model.attack - withoutWaveNet.attack;
  const c2st = model.c2st - withoutWaveNet.c2st;
  return {
    what: 'the WaveNet earns its place: with it',
    reached: `attack ${signed(attack, 2)} dB, c2st ${signed(c2st, 3)}`,
    bar: `-${BARS.waveNet.attack} dB, or -${BARS.waveNet.c2st}`,
    met: -attack >= BARS.waveNet.attack || -c2st >= BARS.waveNet.c2st,
  };
}

function thoroughVerdicts(thorough: readonly NonNullable<BankReport['more']>[], morphs: Report['morphs']): Verdict[] {
  const tallies = (name: Exclude<keyof KeysReport, 'velocities'>): Tally[] => thorough.map(({ keys }) => keys[name]);
  const touch = thorough.map(({ keys: { velocities } }) => ({
    keys: velocities.levels.length,
    within: velocities.levels.length - new Set([...velocities.notLouder, ...velocities.notBrighter]).size,
    worst: 0,
    worstNote: 0,
  }));
  const verdicts = [
    everyKey('decay time to -20 dB', `within ${100 * BARS.decay} %`, tallies('decay')),
    everyKey('attack time', `within ${1000 * BARS.attackSeconds} ms`, tallies('attack')),
    everyKey('inharmonicity', `within ${100 * BARS.inharmonicity} %`, tallies('inharmonicity')),
    everyKey('tuning', `within ${BARS.cents} cents`, tallies('cents')),
    everyKey('as loud as its neighbours', `within ${BARS.even} dB`, tallies('even')),
    everyKey('louder and brighter with velocity', 'every key', touch),
    most('mono sum, loss in the worst octave', Math.max(...thorough.flatMap(({ mono }) => mono.map(({ worst }) => worst))), BARS.mono, ' dB', 2),
    {
      what: 'a chord at velocity 100, peak',
      reached: `${Math.max(...thorough.map(({ chord }) => chord.peak)).toFixed(1)} dBFS`,
      bar: 'no limiter at work',
      met: thorough.every(({ chord }) => !chord.limited),
    },
  ];
  if (morphs.length > 0) {
    const worst = morphs.reduce((a, b) => (b.longest > a.longest ? b : a));
    verdicts.push(most(`longest step, ${worst.from} to ${worst.to}`, 100 * worst.longest, 100 * BARS.morph, ' %', 0));
  }
  return verdicts;
}

/** Every bar that this run has figures for. */
export function judge(report: Report, listening: readonly Listening[]): Verdict[] {
  const thorough = Object.values(report.banks).flatMap((bank) => bank.more ?? []);
  const verdicts = [...distanceVerdicts(report.banks), waveNetVerdict(report.means)];
  if (thorough.length > 0) verdicts.push(...thoroughVerdicts(thorough, report.morphs));
  if (listening.length > 0) {
    const f1 = (of: (each: Listening) => NoteScore): number => mean(listening.map((each) => of(each).f1));
    const sampler = f1((each) => each.sampler);
    verdicts.push(
      least('notes heard, F1 against the sampler', f1(({ model }) => model) / sampler, BARS.noteF1),
      least('transcription, F1 against Basic Pitch alone', sampler / f1(({ alone }) => alone), BARS.aloneF1),
      least('transcription, correlation of velocities', mean(listening.map((each) => each.sampler.velocity)), BARS.velocity),
      least('transfer, F1 against the recording', f1(({ transferred }) => transferred) / sampler, BARS.transferF1),
      most('transfer, worst phrase off in loudness', Math.max(...listening.map(({ loudness }) => loudness)), BARS.loudness, ' dB'),
      most('transfer, samples longer or shorter', Math.max(...listening.map(({ longer }) => Math.abs(longer))), 0, '', 0),
    );
  }
  return verdicts;
}

/** Lines for people. */
export function describeVerdicts(verdicts: readonly Verdict[]): string[] {
  const width = Math.max(...verdicts.map(({ what }) => what.length)) + 2;
  const met = verdicts.filter((verdict) => verdict.met).length;
  return [
    `Bars: ${met} met, ${verdicts.length - met} missed`,
    ...verdicts.map(({ what, reached, bar, met: ok }) => `${ok ? 'met   ' : 'MISSED'} ${what.padEnd(width)}${reached.padEnd(46)}${bar}`),
  ];
}
