/** A plain sampler: plays a performance with a bank's own recordings, as the truth that the model is held against. */
import { CLIP_ONSET, CLIP_RATE, type Clip } from '../../model/corpus/notes.ts';
import { resample } from '../../model/audio/resample.ts';
import { damperContact, damperRate } from '../../model/damper.ts';
import type { Performance } from '../../model/performance.ts';

/** dB from the softest to the loudest velocity (0 to 1), between the layers that were recorded. */
const DYNAMICS = 36;
const SUSTAIN = 64;
/** Gain below which a damped note is over: -80 dB. */
const SILENT = 1e-4;
/** Samples between two looks at the damper. */
const TICK = 32;

interface Recorded {
  readonly note: number;
  /** 0..1. */
  readonly velocity: number;
  readonly gain: number;
  readonly audio: Float32Array;
}

interface SampledNote {
  readonly note: number;
  readonly velocity: number;
  readonly start: number;
  /** Infinite where the key stays down. */
  end: number;
}

export class Sampler {
  readonly #clips: readonly Recorded[];
  readonly #shifted = new Map<string, Float32Array>();

  /** @param clips of one bank */
  constructor(clips: readonly Clip[]) {
    this.#clips = clips.map(({ sample, gain, audio }) => ({ note: sample.note, velocity: sample.velocity / 127, gain: 10 ** (gain / 20), audio }));
  }

  /** The performance, mono at `CLIP_RATE`, of `seconds`. */
  play(performance: Performance, seconds: number): Float32Array {
    const out = new Float32Array(Math.round(seconds * CLIP_RATE));
    const { notes, contact } = score(performance, out.length);
    for (const played of notes) this.#mix(out, played, contact);
    return out;
  }

  #mix(out: Float32Array, { note, velocity, start, end }: SampledNote, contact: Float32Array): void {
    const { audio, gain, recorded } = this.#nearest(note, velocity);
    const level = gain * 10 ** (((velocity - recorded) * DYNAMICS) / 20);
    const fall = damperRate(note) / CLIP_RATE;
    let damper = 1;
    const from = start - CLIP_ONSET;
    for (let i = Math.max(0, -from); i < audio.length && from + i < out.length && damper > SILENT; i++) {
      if (from + i > end) damper *= Math.exp(-fall * contact[Math.floor((from + i) / TICK)]!);
      out[from + i]! += level * damper * audio[i]!;
    }
  }

  /** The recording whose key lies nearest, at the nearest velocity, moved to the key's pitch. */
  #nearest(note: number, velocity: number): { audio: Float32Array; gain: number; recorded: number } {
    const away = (clip: Recorded): number => 100 * Math.abs(clip.note - note) + Math.abs(clip.velocity - velocity);
    const index = this.#clips.reduce((best, clip, i) => (away(clip) < away(this.#clips[best]!) ? i : best), 0);
    const clip = this.#clips[index]!;
    const key = `${index} ${note}`;
    const audio = this.#shifted.get(key) ?? resample(clip.audio, CLIP_RATE * 2 ** ((note - clip.note) / 12), CLIP_RATE);
    this.#shifted.set(key, audio);
    return { audio, gain: clip.gain, recorded: clip.velocity };
  }
}

/** Keys, in samples, and how far the dampers rest on the strings, 0..1 for each tick. */
function score({ events }: Performance, length: number): { notes: SampledNote[]; contact: Float32Array } {
  const notes: SampledNote[] = [];
  const held = new Map<number, SampledNote>();
  const contact = new Float32Array(Math.ceil(length / TICK)).fill(1);
  for (const event of events) {
    const at = Math.round(event.seconds * CLIP_RATE);
    if (event.type === 'control') {
      if (event.controller === SUSTAIN) contact.fill(damperContact(event.value / 127), Math.floor(at / TICK));
      continue;
    }
    if (event.type === 'bend') continue;
    const before = held.get(event.note);
    if (before) before.end = Math.min(before.end, at);
    held.delete(event.note);
    if (event.type === 'noteOff') continue;
    const played = { note: event.note, velocity: event.velocity, start: at, end: Infinity };
    notes.push(played);
    held.set(event.note, played);
  }
  return { notes, contact };
}
