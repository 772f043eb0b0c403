/** What the browser keeps for a player: settings, plugins, pianos and takes, under one name. */
import type { Tier } from '../model/spec.ts';
import { serialiseStyle, type Style } from '../model/style.ts';
import { LibraryStore } from './library-store.ts';
import type { Metronome } from './metronome.ts';
import type { Learned } from './midi-learn.ts';
import type { PluginController } from './plugins/plugin-controller.ts';
import { SettingsStore } from './settings-store.ts';
import type { StyleShare } from './style-map.ts';
import type { TakeController } from './take-controller.ts';

/** Settings that are properties of the element. */
export interface Remembered {
  piano: string;
  blend: readonly StyleShare[];
  midi: string;
  channel: number;
  touch: number;
  brightness: number;
  hammer: number;
  concertPitch: number;
  inTune: number;
  width: number;
  room: number;
  resonance: number;
  tier: Tier | '';
  learned: Learned;
}

export class PlayerMemory {
  readonly #settings: SettingsStore;
  readonly #library: LibraryStore;
  readonly #metronome: Metronome;

  constructor(name: string, metronome: Metronome) {
    this.#settings = new SettingsStore(name);
    this.#library = new LibraryStore(name);
    this.#metronome = metronome;
  }

  /** Sets everything as it was; what was never set stays as the page has it. */
  recall(target: Remembered): void {
    const kept = this.#settings.read();
    if (kept === undefined) return;
    const { beatsPerMinute, midi, ...properties } = kept;
    Object.assign(target, properties);
    target.midi = midi || target.midi;
    this.#metronome.beatsPerMinute = beatsPerMinute;
  }

  remember({ piano, blend, midi, channel, touch, brightness, hammer, concertPitch, inTune, width, room, resonance, tier, learned }: Remembered): void {
    const { beatsPerMinute } = this.#metronome;
    const tone = { brightness, hammer, concertPitch, inTune, width, room, resonance };
    this.#settings.write({ piano, blend: [...blend], midi, channel, touch, ...tone, tier, learned: { ...learned }, beatsPerMinute });
  }

  /** Fetches takes and plugins, and keeps those to come. */
  async open(takes: TakeController, plugins: PluginController): Promise<void> {
    plugins.restore(this.#library);
    await takes.open(this.#library);
  }

  /** The player's own pianos; none where the browser gives nothing back. */
  styles(): Promise<Style[]> {
    return this.#library.styles().catch(() => []);
  }

  keepStyle(style: Style): Promise<void> {
    return this.#library.saveStyle(style.id, serialiseStyle(style));
  }

  forgetStyle({ id }: Style): Promise<void> {
    return this.#library.deleteStyle(id);
  }
}
