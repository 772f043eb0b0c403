import { describe, expect, it } from 'vitest';
import { MEL_BANDS, MEL_RATE, melSpectrogram } from '../../model/transcribe/mel-spectrogram.ts';

/** Two tones that die away and a sweep. */
const sound = Float32Array.from({ length: 8192 }, (_, n) => {
  const low = 0.5 * Math.sin((2 * Math.PI * 220 * n) / MEL_RATE) * Math.exp(-n / 4000);
  const high = 0.25 * Math.sin((2 * Math.PI * 1567.98 * n) / MEL_RATE) * Math.exp(-n / 1500);
  return low + high + 0.01 * Math.sin(n * n * 0.0007);
});

/**
 * Frame, band and dB by librosa 0.11.0: power_to_db(melspectrogram(y, sr=16000, n_fft=2048, hop_length=512, n_mels=229,
 * fmin=30, fmax=8000, htk=True, pad_mode='reflect'), top_db=None).
 */
const LIBROSA = [
  [0, 0, 13.43176], [0, 20, 31.54389], [3, 8, -46.52151], [3, 30, -45.08455], [5, 100, -48.7451], [8, 50, -17.64862],
  [8, 150, -23.02703], [12, 228, -27.13371], [16, 60, -27.39151], [16, 200, -34.60792],
] as const;

describe('the mel spectrogram', () => {
  const frames = melSpectrogram(sound);
  const loudest = Math.max(...frames.flat());

  it('is as large as librosa makes it', () => {
    expect([frames.length, frames[0]!.length]).toEqual([17, MEL_BANDS]);
  });

  it.each(LIBROSA)('has the level of librosa in frame %i, band %i', (frame, band, level) => {
    expect(Math.abs(frames[frame]![band]! - Math.max(level, loudest - 80))).toBeLessThan(1e-3);
  });

  it('ends 80 dB under the loudest band', () => {
    expect(Math.min(...frames.flat())).toBeGreaterThanOrEqual(loudest - 80);
    expect(melSpectrogram(new Float32Array(4096)).flat().every((level) => level === -100)).toBe(true);
  });
});
