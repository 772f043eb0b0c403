/** Strikes of a recording, as their outlines are heard in it. */
import type { Recording } from '../audio/recording.ts';
import { STRIKE_LEAD } from '../corpus/strike-lead.ts';
import type { TargetView } from '../train/outline/target.ts';
import { latticeStep, type View } from '../train/outline/views.ts';
import { channelPower } from './channel-power.ts';
import type { Floor } from './noise-floor.ts';
import type { Score, Strike } from './score.ts';

export interface HeardStrike {
  readonly strike: Strike;
  /** One for each view of the outline. */
  readonly targets: readonly TargetView[];
}

/** A strike whose damper has come down to this gain is no longer looked at. */
const SOFTEST = 0.1;
/** A strike whose loudest band lies below this share of the loudest of all says little: -40 dB. */
const FAINT = 1e-4;

/**
 * Strikes that tell of the piano, at most `count`: of every key some, before any key has many.
 *
 * @param recording at the model's rate
 * @param floors of each view
 */
export function hearStrikes(recording: Recording, score: Score, views: readonly View[], floors: readonly Floor[], count: number): HeardStrike[] {
  const heard = fairly(score.strikes.filter(({ start }) => start - STRIKE_LEAD >= 0), count).map((strike) => ({
    strike,
    targets: views.map((view, v) => ({ ...cut(recording, score, strike, view), heard: floors[v]!.bands })),
  }));
  const peaks = heard.map(({ targets: [first] }) => first!.power.reduce((most, power) => Math.max(most, power), 0));
  const loudest = peaks.reduce((most, peak) => Math.max(most, peak), 0);
  return heard.filter(({ targets: [first] }, i) => first!.frames > 0 && peaks[i]! > FAINT * loudest);
}

/** One of each key, the keys from low to high, then another of each, until there are enough. */
function fairly(strikes: readonly Strike[], count: number): Strike[] {
  const byKey = new Map<number, Strike[]>();
  for (const strike of strikes) byKey.set(strike.note, [...(byKey.get(strike.note) ?? []), strike]);
  const keys = [...byKey.keys()].sort((a, b) => a - b);
  const most = Math.max(0, ...[...byKey.values()].map(({ length }) => length));
  const rounds = Array.from({ length: most }, (_, round) => keys.flatMap((key) => byKey.get(key)![round] ?? []));
  return rounds.flat().slice(0, count);
}

function cut(recording: Recording, score: Score, strike: Strike, view: View): TargetView {
  const at = strike.start - STRIKE_LEAD;
  const { frames, power } = channelPower(view, recording, at);
  const damper = view.starts.slice(0, frames).map((start) => score.damper(strike, at + start * latticeStep(view) + view.window / 2, recording.sampleRate));
  const last = damper.findIndex((gain) => gain < SOFTEST);
  const kept = last < 0 ? frames : last;
  const bands = view.edges.length - 1;
  return { frames: kept, power: power.slice(0, kept * bands), gain: Float32Array.from(damper.slice(0, kept), (gain) => gain * gain) };
}
