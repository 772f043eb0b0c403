/** How much later a recording has what a performance says: files are padded, and clocks begin where they like. */
import type { Recording } from '../audio/recording.ts';
import { STRIKE_LEAD } from '../corpus/strike-lead.ts';
import { difference } from '../train/outline/view-loss.ts';
import type { View } from '../train/outline/views.ts';
import { channelPower } from './channel-power.ts';

/** Milliseconds either way in which it is looked for, roughly at first, then finely. */
const FARTHEST = 100;
/** And how far beyond it the last window may reach. */
const MARGIN = 50;
const ROUGH = 4;
const FINE = 1;
/** Milliseconds below which it tells of the attack that the style does not know yet. */
const LEAST = 5;
/** Band powers lower than the loudest by this factor count as silence: what rings on before a strike is not expected. */
const FLOOR = 1e-4;

/** A strike and what is expected of it. */
export interface ExpectedStrike {
  /** Sample at which the performance has it. */
  readonly start: number;
  /** Power `[frames * bands]` of all that sounds, in the view of `alignmentView`. */
  readonly power: Float32Array;
}

/** The view in which strikes are looked for: 5 ms long, from 30 ms before the strike to 30 ms after it. @param view the shortest of the outline */
export function alignmentView(view: View): View {
  return { ...view, starts: Array.from({ length: 45 }, (_, i) => 4 * i - 90) };
}

/**
 * Samples by which the recording comes later than the performance, negative where earlier; 0 where that is too little to be sure of.
 *
 * @param bands how many of them, from the lowest on, the recording has
 */
export function findDelay(recording: Recording, view: View, strikes: readonly ExpectedStrike[], bands: number): number {
  const ms = recording.sampleRate / 1000;
  const end = recording.channels[0]!.length - (FARTHEST + MARGIN) * ms;
  const inside = strikes.filter(({ start }) => start < end).map((strike) => ({ ...strike, floor: FLOOR * strike.power.reduce((most, each) => Math.max(most, each), 0) + 1e-15 }));
  const nearest = (middle: number, reach: number, step: number): number => {
    const delays = Array.from({ length: 2 * Math.round(reach / step) + 1 }, (_, i) => middle + (i - Math.round(reach / step)) * step);
    const distances = delays.map((delay) => inside.reduce((sum, strike) => sum + distance(recording, view, strike, Math.round(delay * ms), bands), 0));
    return delays[distances.indexOf(Math.min(...distances))]!;
  };
  const delay = nearest(nearest(0, FARTHEST, ROUGH), ROUGH, FINE);
  return Math.abs(delay) < LEAST ? 0 : Math.round(delay * ms);
}

/** Mean distance from what is expected to what the recording has so many samples later. */
function distance(recording: Recording, view: View, { start, power: expected, floor }: ExpectedStrike & { readonly floor: number }, delay: number, heard: number): number {
  const { frames, power } = channelPower(view, recording, start - STRIKE_LEAD + delay);
  const bands = view.edges.length - 1;
  let sum = 0;
  for (let f = 0; f < frames; f++) {
    for (let i = f * bands; i < f * bands + heard; i++) sum += difference(power[i]! + floor, expected[i]! + floor).size;
  }
  return sum / (frames * heard);
}
