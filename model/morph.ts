/** Pianos between pianos. */
import { PLAIN_LEVELS } from './key-level.ts';
import { mixModes } from './key-modes.ts';
import { USUAL_ROOM, interpolateRooms } from './room.ts';
import { NOTE_COUNT } from './spec.ts';
import type { Style } from './style.ts';
import type { Tuning } from './tuning.ts';
import { PLAIN_VOICING, mapVoicing, type Voicing } from './voicing.ts';

/**
 * Half-way between two pianos the sound changes about three times as fast with the embedding as it does near
 * either of them. So much more slowly is the embedding moved there: 0 not at all, 1 until it stands still.
 */
const SLOWED = 0.35;

/** Share of the way between two embeddings at which the sound has gone a share `t` of its way, about. */
export function heardShare(t: number): number {
  return t + (SLOWED / (2 * Math.PI)) * Math.sin(2 * Math.PI * t);
}

/**
 * The same where the sound changes faster near one of the two.
 *
 * @param lead `pace` of the piano at the end less that of the one at the start
 */
export function pacedShare(t: number, lead: number): number {
  const heard = heardShare(t);
  const weighted = Math.exp(lead) * heard;
  return weighted / (weighted + 1 - heard);
}

/**
 * A piano between two, so that equal steps of `t` sound about equally far apart, as their `pace` says: embedding, keys, cents
 * and levels on a line, inharmonicity and the room's decay in equal ratios.
 *
 * @param t 0 gives `a`, 1 gives `b`; values outside go beyond them
 * @throws RangeError if the two belong to different models
 */
export function interpolateStyles(a: Style, b: Style, t: number): Style {
  return straightBetween(a, b, pacedShare(t, paceOf(b) - paceOf(a)));
}

/**
 * A piano of several.
 *
 * @param parts at least one, with shares of which some are above 0; in whatever order, the mixture is the same but for names, and for how its strings begin and beat
 * @throws RangeError if they belong to different models
 */
export function mixStyles(parts: readonly { readonly style: Style; readonly share: number }[]): Style {
  const all = parts.reduce((sum, { share }) => sum + share, 0);
  const weights = parts.map(({ style, share }) => Math.exp(paceOf(style)) * heardShare(share / all));
  let mixture = parts[0]!.style;
  let sum = weights[0]!;
  parts.slice(1).forEach(({ style }, i) => {
    const weight = weights[i + 1]!;
    sum += weight;
    if (sum > 0) mixture = straightBetween(mixture, style, weight / sum);
  });
  return mixture;
}

const paceOf = ({ pace = 0 }: Style): number => pace;

/** @param t share of the way of everything that lies between the two @throws RangeError if they belong to different models */
export function straightBetween(a: Style, b: Style, t: number): Style {
  if (a.model !== b.model || a.embedding.length !== b.embedding.length) throw new RangeError('styles of different models');
  if (t === 0) return a;
  if (t === 1) return b;
  const line = (x: readonly number[], y: readonly number[]): number[] => x.map((value, i) => value + (y[i]! - value) * t);
  const ratio = (x: readonly number[], y: readonly number[]): number[] => x.map((value, i) => value * (y[i]! / value) ** t);
  return {
    ...a,
    id: `${a.id}-${b.id}`.slice(0, 64),
    name: `${a.name} / ${b.name}`,
    embedding: line(a.embedding, b.embedding),
    ...((a.keys ?? b.keys) && { keys: interpolateRows(a.keys, b.keys, t) }),
    tuning: {
      cents: line(a.tuning.cents, b.tuning.cents),
      inharmonicity: ratio(a.tuning.inharmonicity, b.tuning.inharmonicity),
      // Half-way between two phases is neither piano's: the nearer one's are taken.
      ...phasesOf(t < 0.5 ? a : b),
    },
    ...((a.modes ?? b.modes) && { modes: interpolateModes(a.modes, b.modes, t) }),
    ...((a.levels ?? b.levels) && { levels: line(a.levels ?? PLAIN_LEVELS, b.levels ?? PLAIN_LEVELS) }),
    ...((a.voicing ?? b.voicing) && { voicing: interpolateVoicings(a.voicing ?? PLAIN_VOICING, b.voicing ?? PLAIN_VOICING, t) }),
    ...((a.pace ?? b.pace) !== undefined && { pace: paceOf(a) + (paceOf(b) - paceOf(a)) * t }),
    ...((a.room ?? b.room) && { room: interpolateRooms(a.room ?? USUAL_ROOM, b.room ?? USUAL_ROOM, t) }),
    kind: a.kind === b.kind ? a.kind : `${a.kind} / ${b.kind}`,
    source: joined(a.source, b.source),
    licence: joined(a.licence, b.licence),
    credit: joined(a.credit, b.credit),
  };
}

function interpolateVoicings(a: Voicing, b: Voicing, t: number): Voicing {
  return mapVoicing((name) => a[name].map((row, r) => row.map((value, i) => value + (b[name][r]![i]! - value) * t)));
}

const phasesOf = ({ tuning: { phases } }: Style): Pick<Tuning, 'phases'> => (phases === undefined ? {} : { phases });

/** A key of which one style knows nothing is there as the network has it. */
function interpolateRows(a: Style['keys'], b: Style['keys'], t: number): number[][] {
  return Array.from({ length: NOTE_COUNT }, (_, key) => {
    const [x, y] = [a?.[key] ?? [], b?.[key] ?? []];
    return Array.from({ length: Math.max(x.length, y.length) }, (_, i) => (1 - t) * (x[i] ?? 0) + t * (y[i] ?? 0));
  });
}

function interpolateModes(a: Style['modes'], b: Style['modes'], t: number): number[][] {
  return Array.from({ length: NOTE_COUNT }, (_, key) => {
    const [x, y] = [a?.[key] ?? [], b?.[key] ?? []];
    const between = new Array<number>(Math.max(x.length, y.length)).fill(0);
    mixModes(x, y, t, between);
    return between;
  });
}

function joined(a: string, b: string): string {
  return a === b ? a : `${a}; ${b}`;
}
