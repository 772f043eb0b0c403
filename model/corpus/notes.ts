/** Recorded notes as training wants them: mono at 48 kHz, aligned, at one loudness. */
import type { Bank, Sample } from './corpus.ts';
import { LOUDNESS_SECONDS, layerGains } from './dynamics.ts';
import { findOnset } from './onset.ts';
import { readMono } from './source-audio.ts';

export const CLIP_RATE = 48000;
/** The strike starts at this sample of every clip: 5 ms. */
export const CLIP_ONSET = 240;
/** Longest clip in samples: 4 s. */
export const CLIP_SAMPLES = 4 * CLIP_RATE;
/** The end fades out over this many samples: 20 ms. */
const FADE_SAMPLES = 960;
/** Recordings may carry this much before the strike. */
const LEAD_SECONDS = 0.25;

/** One recorded strike, cut and aligned. */
export interface Clip {
  readonly sample: Sample;
  /** Start of the strike in the recording, in seconds. */
  readonly onsetSeconds: number;
  /** dB that bring the clip to its bank's place among the banks; not yet applied to `audio`. */
  readonly gain: number;
  /** Mono, 48 kHz, the onset at `CLIP_ONSET`; `CLIP_SAMPLES` long or less where the recording ends before. */
  readonly audio: Float32Array;
}

/** Cuts a recording so that its strike starts at `CLIP_ONSET`, and fades its end. */
export function cutClip(recording: Float32Array, onsetSeconds: number): Float32Array {
  const start = Math.round(onsetSeconds * CLIP_RATE) - CLIP_ONSET;
  const length = Math.min(CLIP_SAMPLES, recording.length - start);
  const clip = new Float32Array(length);
  clip.set(recording.subarray(Math.max(0, start), start + length), Math.max(0, -start));
  const fade = Math.min(FADE_SAMPLES, length);
  for (let i = 0; i < fade; i++) clip[length - 1 - i]! *= 0.5 - 0.5 * Math.cos((Math.PI * i) / fade);
  return clip;
}

/** Rms of the first half second of a clip in dBFS. */
export function clipLevel(clip: Float32Array): number {
  const end = CLIP_ONSET + Math.round(LOUDNESS_SECONDS * CLIP_RATE);
  let energy = 0;
  for (let n = CLIP_ONSET; n < end; n++) energy += (clip[n] ?? 0) ** 2;
  return 10 * Math.log10(energy / (end - CLIP_ONSET) + 1e-12);
}

/**
 * Decodes and cuts every sample of a bank and works out its gain.
 *
 * @param onClip called after each sample, for progress
 * @throws InputError naming a file that is missing or cannot be decoded
 */
export async function loadBank(bank: Bank, onClip?: () => void): Promise<Clip[]> {
  const cut: Omit<Clip, 'gain'>[] = [];
  for (const sample of bank.samples) {
    const recording = await readMono(sample.path, CLIP_RATE, CLIP_SAMPLES / CLIP_RATE + LEAD_SECONDS);
    const onsetSeconds = findOnset(recording, CLIP_RATE);
    cut.push({ sample, onsetSeconds, audio: cutClip(recording, onsetSeconds) });
    onClip?.();
  }
  const gains = layerGains(
    bank,
    cut.map(({ sample: { note, layer, velocity }, audio }) => ({ note, layer, velocity, level: clipLevel(audio) })),
  );
  return cut.map((clip) => ({ ...clip, gain: gains.get(clip.sample.layer)! }));
}
