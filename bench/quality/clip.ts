/** Cuts the second that the distances compare out of a note. */
import { resample } from '../../model/audio/resample.ts';
import { findOnset } from '../../model/corpus/onset.ts';
import { CLIP_LENGTH, CLIP_RATE } from './distances.ts';

/** A clip starts this long before the onset, in seconds. */
const LEAD_SECONDS = 0.004;
/** Resampled on both sides of the clip, so that the filter sees what sounds there. */
const MARGIN_SECONDS = 0.02;

/**
 * The first second of a strike at `CLIP_RATE`, aligned to 4 ms before its onset; zeros outside the recording.
 *
 * @param samples one note, mono, at `sampleRate` Hz
 */
export function cutClip(samples: Float32Array, sampleRate: number): Float64Array {
  const first = Math.round((findOnset(samples, sampleRate) - LEAD_SECONDS - MARGIN_SECONDS) * sampleRate);
  const passage = new Float32Array(Math.round((CLIP_LENGTH / CLIP_RATE + 2 * MARGIN_SECONDS) * sampleRate));
  passage.set(samples.subarray(Math.max(0, first), Math.max(0, first + passage.length)), Math.max(0, -first));
  const start = MARGIN_SECONDS * CLIP_RATE;
  return Float64Array.from(resample(passage, sampleRate, CLIP_RATE).subarray(start, start + CLIP_LENGTH));
}
