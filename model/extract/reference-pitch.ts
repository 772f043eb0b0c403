/**
 * Reference pitch of a recording: how many cents its A4 lies from 440 Hz.
 *
 * Every strong peak in the middle of the spectrum lies close to some semitone of
 * the piano's own scale; the common offset is their circular mean.
 */
import type { SoundReader } from '../audio/mono-reader.ts';
import { medianLevel, peakNear, spectrumOf } from '../corpus/spectrum.ts';
import { equalTemperament } from '../tuning.ts';

/** Fundamentals in these notes are strong, and little stretched. */
const LOWEST = 45;
const HIGHEST = 84;
/** A peak counts where it stands this many dB above its surroundings. */
const PROMINENCE = 20;
const PASSAGE_SECONDS = 5;

/** Cents from A4 = 440 Hz, in -50..50; 0 where nothing clear is heard. `recording` is mono. */
export function referencePitch(recording: Float32Array, sampleRate: number): number {
  const length = passageLength(sampleRate);
  const pitch = new CommonOffset(sampleRate);
  for (let start = 0; start === 0 || start + length <= recording.length; start += length) pitch.add(recording.subarray(start, start + length));
  return pitch.cents;
}

/** The same of a sound that is read piece by piece, at `sampleRate`. */
export async function readReferencePitch(sound: SoundReader, sampleRate: number): Promise<number> {
  const length = passageLength(sampleRate);
  const pitch = new CommonOffset(sampleRate);
  for (let start = 0; start === 0 || start + length <= sound.length; start += length) pitch.add(await sound.read(start, start + length));
  return pitch.cents;
}

const passageLength = (sampleRate: number): number => Math.round(PASSAGE_SECONDS * sampleRate);

class CommonOffset {
  readonly #sampleRate: number;
  #sine = 0;
  #cosine = 0;

  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate;
  }

  /** @param passage mono */
  add(passage: Float32Array): void {
    const spectrum = spectrumOf(passage, this.#sampleRate);
    for (let note = LOWEST; note <= HIGHEST; note++) {
      const centre = equalTemperament(note);
      const reach = centre * (2 ** (1 / 24) - 1);
      const peak = peakNear(spectrum, centre, reach);
      if (!peak) continue;
      const prominence = peak.level - medianLevel(spectrum, centre / 2 ** (1 / 12), centre * 2 ** (1 / 12));
      if (prominence < PROMINENCE) continue;
      const angle = 2 * Math.PI * 12 * Math.log2(peak.frequency / centre);
      this.#sine += prominence * Math.sin(angle);
      this.#cosine += prominence * Math.cos(angle);
    }
  }

  get cents(): number {
    return this.#sine === 0 && this.#cosine === 0 ? 0 : (Math.atan2(this.#sine, this.#cosine) / (2 * Math.PI)) * 100;
  }
}
