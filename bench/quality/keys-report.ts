/** What the keys of a bank say together: how many are as they should be, and which is worst. */
import { FIRST_NOTE } from '../../model/spec.ts';
import type { KeyComparison } from './keys.ts';
import { BARS } from './bars.ts';
import { unevenness, type VelocityResponse } from './velocities.ts';

/** Of all keys that could be measured. */
export interface Tally {
  /** Keys that were measured, and those of them that stay within their limit. */
  readonly keys: number;
  readonly within: number;
  /** The value that lies farthest out, and its key; 0 where none was measured. */
  readonly worst: number;
  readonly worstNote: number;
}

export interface KeysReport {
  /** Decay times as ratios. */
  readonly decay: Tally;
  /** Attack times, difference in seconds. */
  readonly attack: Tally;
  /** Inharmonicity as ratios. */
  readonly inharmonicity: Tally;
  readonly cents: Tally;
  /** dB above the neighbours' mean, at one velocity. */
  readonly even: Tally;
  readonly velocities: VelocityResponse;
}

interface Value {
  readonly note: number;
  readonly value: number | undefined;
}

/** @param size how far a value lies out: it is within its limit up to `limit` */
function tally(values: readonly Value[], limit: number, size: (value: number) => number = Math.abs): Tally {
  const known = values.flatMap(({ note, value }) => (value === undefined ? [] : [{ note, value, size: size(value) }]));
  const worst = known.reduce<(typeof known)[number] | undefined>((most, each) => (most === undefined || each.size > most.size ? each : most), undefined);
  return {
    keys: known.length,
    within: known.filter((each) => each.size <= limit).length,
    worst: worst?.value ?? 0,
    worstNote: worst?.note ?? 0,
  };
}

/** Ratios are as far out as their larger side: 0.8 is as far as 1.25. */
const ratioSize = (ratio: number): number => Math.max(ratio, 1 / ratio) - 1;

export function keysReport(keys: readonly KeyComparison[], velocities: VelocityResponse): KeysReport {
  const values = (value: (key: KeyComparison) => number | undefined): Value[] => keys.map((key) => ({ note: key.note, value: value(key) }));
  return {
    decay: tally(values((key) => key.decay), BARS.decay, ratioSize),
    attack: tally(values((key) => key.attack), BARS.attackSeconds),
    inharmonicity: tally(values((key) => key.inharmonicity), BARS.inharmonicity, ratioSize),
    cents: tally(values((key) => key.cents), BARS.cents),
    even: tally(unevenness(velocities.levels).map((value, i) => ({ note: FIRST_NOTE + i, value })), BARS.even),
    velocities,
  };
}
