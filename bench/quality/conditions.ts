/** What happens to recordings before somebody makes a piano of them. */
import { createMp3Encoder } from 'wasm-media-encoders';
import { decodeAudio } from '../../model/audio/decode.ts';
import { toMono, type Recording } from '../../model/audio/recording.ts';
import { resample } from '../../model/audio/resample.ts';
import { Random } from '../../model/random.ts';

export const CONDITIONS = ['as it is', '16 kHz', 'MP3, 96 kb/s', '20 dB softer', 'noise at -45 dB', 'stereo', '30 s'] as const;
export type Condition = (typeof CONDITIONS)[number];

const LOW_RATE = 16000;
const KILOBITS = 96;
/** Seconds by which the other microphone hears later, and how much softer. */
const APART = 0.0006;
const FARTHER = 0.7;
const SHORT = 30;

/** The same performance at the same rate, as it comes out of a recording made so. @param sound mono at `rate` Hz */
export async function recordedAs(condition: Condition, sound: Float32Array, rate: number): Promise<Recording> {
  const mono = (samples: Float32Array): Recording => ({ sampleRate: rate, channels: [samples] });
  switch (condition) {
    case 'as it is':
      return mono(sound);
    case '16 kHz':
      return mono(resample(resample(sound, rate, LOW_RATE), LOW_RATE, rate));
    case 'MP3, 96 kb/s':
      return mono(await throughMp3(sound, rate));
    case '20 dB softer':
      return mono(sound.map((sample) => 0.1 * sample));
    case 'noise at -45 dB':
      return mono(withNoise(sound, -45));
    case 'stereo': {
      const late = Math.round(APART * rate);
      return { sampleRate: rate, channels: [sound, sound.map((_, i) => FARTHER * (sound[i - late] ?? 0))] };
    }
    case '30 s':
      return mono(sound.subarray(0, SHORT * rate));
  }
}

async function throughMp3(sound: Float32Array, rate: number): Promise<Float32Array> {
  const encoder = await createMp3Encoder();
  encoder.configure({ channels: 1, sampleRate: rate as 48000, bitrate: KILOBITS });
  // The encoder's arrays are overwritten by its next call.
  const bytes = Buffer.concat([Buffer.from(encoder.encode([sound])), Buffer.from(encoder.finalize())]);
  const decoded = await decodeAudio(bytes, `${KILOBITS} kb/s`);
  return resample(toMono(decoded), decoded.sampleRate, rate);
}

/** White noise, `level` dB from the peak of the sound to its rms. */
function withNoise(sound: Float32Array, level: number): Float32Array {
  const random = new Random(1);
  const peak = sound.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  const rms = peak * 10 ** (level / 20);
  return sound.map((sample) => sample + rms * random.normal());
}
