/** Plays single strikes through the engine, in Node. */
import type { Style } from '../../model/style.ts';
import type { Weights } from '../../model/weights.ts';
import { Engine } from '../../worklet/engine/engine.ts';

export const STRIKE_RATE = 48000;
/** Frames of silence before the strike: 10 ms. */
export const STRIKE_LEAD = 480;

/** How much of the model is heard. */
export const STAGES = ['strings', 'withoutWaveNet', 'model'] as const;
export type Stage = (typeof STAGES)[number];

export interface Player {
  readonly module: WebAssembly.Module;
  readonly weights: Weights;
}

export interface Strike {
  readonly style: Style;
  readonly note: number;
  /** 0..1. */
  readonly velocity: number;
  readonly stage?: Stage;
  /** Length of the sound after the strike. */
  readonly seconds: number;
  /** When the key goes up, in seconds after the strike; held without it. */
  readonly releaseSeconds?: number;
  /** Strikes with the same one draw the same noise; in a piano that goes on, no two do. */
  readonly seed?: number;
}

/** The strike's sound, mono at `STRIKE_RATE`, from `STRIKE_LEAD` frames before it; played by an engine of its own. */
export function playStrike({ module, weights }: Player, strike: Strike): Float32Array {
  const { style, note, velocity, stage = 'model', seconds, releaseSeconds, seed = 1 } = strike;
  const engine = new Engine({ module, weights, style, sampleRate: STRIKE_RATE, seed });
  if (stage !== 'model') engine.setWaveNet(false);
  if (stage === 'strings') engine.setNoise(false);
  engine.noteOn(note, velocity, STRIKE_LEAD);
  if (releaseSeconds !== undefined) engine.noteOff(note, STRIKE_LEAD + Math.round(releaseSeconds * STRIKE_RATE));
  const out = new Float32Array(STRIKE_LEAD + Math.round(seconds * STRIKE_RATE));
  engine.render(out);
  return out;
}
