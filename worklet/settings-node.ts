/** What a player sets of a piano, as properties of its audio node. */
import { PLAIN_TONE, toneOf, type ToneSettings } from './engine/tone.ts';
import type { StageSettings } from './protocol.ts';

/** On a server there is nothing to extend; constructing a node there fails. */
const BaseNode: typeof AudioWorkletNode = globalThis.AudioWorkletNode ?? (Object as unknown as typeof AudioWorkletNode);

const DEFAULT_WIDTH = 0.7;

/** Everything that can be set; what is missing is a width of 0.7, no room, and a tone as recorded. */
export type PianoSettings = StageSettings & ToneSettings;

/** Bounds settings to their ranges. */
export function settingsOf(settings: Partial<PianoSettings>): PianoSettings {
  const { width = DEFAULT_WIDTH, room = 0 } = settings;
  return { ...toneOf({ ...PLAIN_TONE, ...settings }), width: share(width), room: share(room) };
}

/** Keeps the settings; whoever extends it sends them. */
export abstract class SettingsNode extends BaseNode {
  #settings: PianoSettings = settingsOf({});

  /** The settings changed from `before` to `now`. */
  protected abstract applySettings(now: PianoSettings, before: PianoSettings): void;

  protected get settings(): PianoSettings {
    return this.#settings;
  }

  /** Sets them without applying them. */
  protected beginWith(settings: PianoSettings): void {
    this.#settings = settings;
  }

  /** How far the keyboard reaches from left to right, 0 (one channel) .. 1. The sum of both sides stays the same. */
  get width(): number {
    return this.#settings.width;
  }

  set width(width: number) {
    this.#change({ width });
  }

  /** Level of a small room around the piano, 0 (none but that of the recordings) .. 1. */
  get room(): number {
    return this.#settings.room;
  }

  set room(room: number) {
    this.#change({ room });
  }

  /** Tilt of the sound in dB per octave, -3 dull .. 3 bright; 0 as recorded. What sounds follows, as loud as it was. */
  get brightness(): number {
    return this.#settings.brightness;
  }

  set brightness(brightness: number) {
    this.#change({ brightness });
  }

  /** Hammers, -1 soft .. 1 hard; 0 as recorded. Counts for the strikes that follow. */
  get hammer(): number {
    return this.#settings.hammer;
  }

  set hammer(hammer: number) {
    this.#change({ hammer });
  }

  /** Frequency of A4 in Hz, 415 .. 466, on a piano that was tuned to 440. What sounds glides along. */
  get concertPitch(): number {
    return this.#settings.concertPitch;
  }

  set concertPitch(concertPitch: number) {
    this.#change({ concertPitch });
  }

  /** 0 as the piano is tuned .. 1 in equal temperament, with the piano's own stretch and A4 at concert pitch. */
  get inTune(): number {
    return this.#settings.inTune;
  }

  set inTune(inTune: number) {
    this.#change({ inTune });
  }

  #change(change: Partial<PianoSettings>): void {
    const before = this.#settings;
    this.#settings = settingsOf({ ...before, ...change });
    this.applySettings(this.#settings, before);
  }
}

/** Bounds a setting to 0..1; what is no number is 0. */
function share(value: number): number {
  return value > 0 ? Math.min(1, value) : 0;
}
