/**
 * What the partials of a recorded key do that the note network does not say: how its two modes beat, and how loud
 * and how long they are.
 *
 * Strings of one key are never quite in tune, and each key of a piano is out of tune in its own way, but with every
 * strike in the same (Weinreich, 1977, "Coupled piano strings"). It is measured and never learned: see `model/train/modes/`.
 */
import type { Controls } from './controls.ts';
import { gainOf } from './decibels.ts';

/** What is said of each partial, in this order. */
export const MODE_NUMBERS = ['offset', 'beat', 'lead', 'level', 'aftersound', 'promptRate', 'aftersoundRate'] as const;
export type ModeNumber = (typeof MODE_NUMBERS)[number];

/** What a step of each number is. */
export const MODE_STEPS: Readonly<Record<ModeNumber, number>> = {
  /** Hz by which the middle of the two modes lies above the stiff string's partial. */
  offset: 0.02,
  /** Hz by which the aftersound mode lies above the prompt one, whatever the network says. */
  beat: 0.02,
  /** Turns by which the aftersound mode starts ahead. */
  lead: 1 / 64,
  /** dB by which both are louder. */
  level: 0.1,
  /** dB by which the aftersound mode is louder than that. */
  aftersound: 0.1,
  /** Natural logarithms of the factors by which each mode falls faster. */
  promptRate: 0.01,
  aftersoundRate: 0.01,
};
/** Partials of a key of which something may be said, from the first on. */
export const MOST_PARTIALS = 48;
/** Largest steps of any number, up and down. */
export const MOST_MODE_STEPS = 1000;

/** The controls that modes change. */
export type ControlledModes = Pick<Controls, 'partialCount' | 'frequency' | 'phase' | 'beat' | 'lead' | 'promptAmplitude' | 'aftersoundAmplitude' | 'promptRate' | 'aftersoundRate'>;

/** Numbers of one partial. */
const SIZE = MODE_NUMBERS.length;
const [OFFSET, BEAT, LEAD, LEVEL, AFTERSOUND, PROMPT_RATE, AFTERSOUND_RATE] = MODE_NUMBERS.map((_, i) => i) as [number, number, number, number, number, number, number];

/**
 * Changes the controls of a strike, whose phases are set, by what is known of its key. Allocates nothing.
 *
 * A partial still starts with its phase: the modes are turned so that their sum has it.
 *
 * @param modes empty, or how much of it is known, 0..1, and steps of the `MODE_NUMBERS` of partial 1, of partial 2, ...
 * @param length how many of the numbers hold
 */
export function applyModes(controls: ControlledModes, modes: ArrayLike<number>, length: number = modes.length): void {
  if (length === 0) return;
  const known = modes[0]!;
  const count = Math.min(controls.partialCount, (length - 1) / SIZE);
  for (let i = 0; i < count; i++) {
    const at = 1 + i * SIZE;
    const level = gainOf(MODE_STEPS.level * modes[at + LEVEL]!);
    const lead = 2 * Math.PI * MODE_STEPS.lead * modes[at + LEAD]!;
    const prompt = controls.promptAmplitude[i]! * level;
    const aftersound = controls.aftersoundAmplitude[i]! * level * gainOf(MODE_STEPS.aftersound * modes[at + AFTERSOUND]!);
    controls.frequency[i]! += MODE_STEPS.offset * modes[at + OFFSET]!;
    // What the network says is on the side of what is known.
    controls.beat[i] = (1 - known) * sideOf(modes[at + BEAT]!) * controls.beat[i]! + MODE_STEPS.beat * modes[at + BEAT]!;
    controls.lead[i] = lead;
    controls.phase[i]! -= Math.atan2(aftersound * Math.sin(lead), prompt + aftersound * Math.cos(lead));
    controls.promptAmplitude[i] = prompt;
    controls.aftersoundAmplitude[i] = aftersound;
    controls.promptRate[i]! *= Math.exp(MODE_STEPS.promptRate * modes[at + PROMPT_RATE]!);
    controls.aftersoundRate[i]! *= Math.exp(MODE_STEPS.aftersoundRate * modes[at + AFTERSOUND_RATE]!);
  }
}

/**
 * Writes what lies between two rows of modes into `out`, of any length; what a row does not have is nothing there. Allocates nothing.
 *
 * A beat is heard, and not on which side of a partial its modes lie: that is as the nearer row has it, and only the beats themselves,
 * and leads the short way round, go from one to the other. Otherwise two keys that beat alike would pass one that does not.
 *
 * @param t 0 gives `a`, 1 gives `b`
 */
export function mixModes(a: ArrayLike<number>, b: ArrayLike<number>, t: number, out: Float64Array | number[]): void {
  for (let n = 0; n < out.length; n++) out[n] = (1 - t) * (n < a.length ? a[n]! : 0) + t * (n < b.length ? b[n]! : 0);
  const partials = Math.min(a.length, b.length, out.length);
  for (let at = 1; at + SIZE <= partials; at += SIZE) {
    const from = sideOf(a[at + BEAT]!);
    const to = sideOf(b[at + BEAT]!);
    const side = t < 0.5 ? from : to;
    const lead = from * a[at + LEAD]!;
    const other = to * b[at + LEAD]!;
    out[at + BEAT] = side * ((1 - t) * Math.abs(a[at + BEAT]!) + t * Math.abs(b[at + BEAT]!));
    out[at + LEAD] = side * (lead + t * (other - lead + TURN * Math.round((lead - other) / TURN)));
  }
}

/** Whether the aftersound lies above its partial (1) or below it (-1). */
export const sideOf = (beat: number): 1 | -1 => (beat < 0 ? -1 : 1);
/** Steps of a lead in a turn. */
const TURN = 1 / MODE_STEPS.lead;
