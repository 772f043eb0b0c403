/** Changes the sample rate of a whole recording, off line and at the best quality. */
import { create, ConverterType } from '@alexanderolsen/libsamplerate-js';

/** Zeros that push the last samples through the filter; its longest half is shorter at any rate above a tenth of the input's. */
const FLUSH_SAMPLES = 8192;
/** Most samples of a piece, in and out: the library's buffers hold twice as many. */
const PIECE_SAMPLES = 2 ** 19;

/**
 * Resamples one channel with libsamplerate's best sinc filter, which has no delay.
 *
 * @param from rate of `samples` in Hz, @param to wanted rate in Hz
 * @returns `round(samples.length * to / from)` samples; `samples` itself where the rates are equal
 */
export async function resample(samples: Float32Array, from: number, to: number): Promise<Float32Array> {
  if (from === to) return samples;
  const converter = await create(1, from, to, { converterType: ConverterType.SRC_SINC_BEST_QUALITY });
  try {
    const out = new Float32Array(Math.round((samples.length * to) / from));
    const piece = new Float32Array(Math.floor(PIECE_SAMPLES * Math.min(1, from / to)));
    let written = 0;
    for (let at = 0; written < out.length && at < samples.length + FLUSH_SAMPLES; at += piece.length) {
      const part = samples.subarray(at, at + piece.length);
      piece.set(part);
      piece.fill(0, part.length);
      const resampled = converter.full(piece).subarray(0, out.length - written);
      out.set(resampled, written);
      written += resampled.length;
    }
    return out;
  } finally {
    converter.destroy();
  }
}
