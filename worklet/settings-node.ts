/** What a player sets of a piano, at its audio node: AudioParams, and the tone as plain properties. */
import { PLAIN_TONE, toneOf, type ToneSettings } from './engine/tone.ts';
import { PARAMETERS, type FirstParameters, type ParameterName } from './protocol.ts';

/** On a server there is nothing to extend; constructing a node there fails. */
const BaseNode: typeof AudioWorkletNode = globalThis.AudioWorkletNode ?? (Object as unknown as typeof AudioWorkletNode);

/** Everything that can be set. */
export type PianoSettings = FirstParameters & ToneSettings;

/** Bounds settings to their ranges; what is missing, or no number, is where an untouched node has it. */
export function settingsOf(settings: Partial<PianoSettings>): PianoSettings {
  const first = (name: keyof FirstParameters): number => {
    const { defaultValue, minValue, maxValue } = PARAMETERS.find((parameter) => parameter.name === name)!;
    const value = settings[name] ?? defaultValue;
    return value > minValue ? Math.min(maxValue, value) : minValue;
  };
  return { ...toneOf(settings), width: first('width'), room: first('room'), resonance: first('resonance'), volume: first('volume') };
}

/** Has the AudioParams, and keeps the tone; whoever extends it sends the tone. */
export abstract class SettingsNode extends BaseNode {
  #tone: ToneSettings = PLAIN_TONE;

  /** The tone changed from `before` to `now`. */
  protected abstract applyTone(now: ToneSettings, before: ToneSettings): void;

  protected get tone(): ToneSettings {
    return this.#tone;
  }

  /** Sets it without applying it. */
  protected beginWith(tone: ToneSettings): void {
    this.#tone = toneOf(tone);
  }

  /** Gain of all that sounds, 0 .. 4; the limiter comes after it. k-rate, and drawn linearly over each block. */
  get volume(): AudioParam {
    return this.#parameter('volume');
  }

  /** How far the keyboard reaches from left to right, 0 (one channel) .. 1. The sum of both sides stays the same. k-rate, glides in 50 ms. */
  get width(): AudioParam {
    return this.#parameter('width');
  }

  /** Level of a small room around the piano, 0 (none but that of the recordings) .. 1. k-rate, glides in 50 ms. */
  get room(): AudioParam {
    return this.#parameter('room');
  }

  /** How much strings answer others: 0 (not at all), 0.5 (as in a grand) .. 1 (twice as much). k-rate, glides in some milliseconds. */
  get resonance(): AudioParam {
    return this.#parameter('resonance');
  }

  /** The sustain pedal for automation, 0 up .. 1 down. Each change moves it, as `sustain` and MIDI do; the last word counts. k-rate. */
  get pedal(): AudioParam {
    return this.#parameter('pedal');
  }

  /** Tilt of the sound in dB per octave, -3 dull .. 3 bright; 0 as recorded. What sounds follows, as loud as it was. */
  get brightness(): number {
    return this.#tone.brightness;
  }

  set brightness(brightness: number) {
    this.#change({ brightness });
  }

  /** Hammers, -1 soft .. 1 hard; 0 as recorded. Counts for the strikes that follow. */
  get hammer(): number {
    return this.#tone.hammer;
  }

  set hammer(hammer: number) {
    this.#change({ hammer });
  }

  /** Frequency of A4 in Hz, 415 .. 466, on a piano that was tuned to 440. What sounds glides along. */
  get concertPitch(): number {
    return this.#tone.concertPitch;
  }

  set concertPitch(concertPitch: number) {
    this.#change({ concertPitch });
  }

  /** 0 as the piano is tuned .. 1 in equal temperament, with the piano's own stretch and A4 at concert pitch. */
  get inTune(): number {
    return this.#tone.inTune;
  }

  set inTune(inTune: number) {
    this.#change({ inTune });
  }

  #parameter(name: ParameterName): AudioParam {
    return this.parameters.get(name)!;
  }

  #change(change: Partial<ToneSettings>): void {
    const before = this.#tone;
    this.#tone = toneOf({ ...before, ...change });
    this.applyTone(this.#tone, before);
  }
}
