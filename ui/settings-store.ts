/** What a player has set, in the browser's own storage. */
import * as v from 'valibot';
import { TIERS } from '../model/spec.ts';
import { FASTEST_BEATS, SLOWEST_BEATS } from './metronome.ts';
import { SETTING_RANGES, type Turnable } from './sound-settings.ts';

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

/** A setting within its range; where it rests, if that cannot be read. */
function within(setting: Turnable): v.GenericSchema<unknown, number> {
  const { least, most, rest } = SETTING_RANGES[setting];
  return v.fallback(v.pipe(v.number(), v.minValue(least), v.maxValue(most)), rest);
}

const TURNABLE = Object.keys(SETTING_RANGES) as Turnable[];
const controller = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(127));

/** A setting that cannot be read is as if it had never been made. */
const SettingsSchema = v.object({
  piano: v.fallback(v.string(), ''),
  blend: v.fallback(v.array(v.object({ id: v.string(), share })), []),
  midi: v.fallback(v.string(), ''),
  channel: v.fallback(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(16)), 0),
  tier: v.fallback(v.picklist(['', ...TIERS]), ''),
  touch: within('touch'),
  brightness: within('brightness'),
  hammer: within('hammer'),
  concertPitch: within('concertPitch'),
  inTune: within('inTune'),
  width: within('width'),
  room: within('room'),
  resonance: within('resonance'),
  learned: v.fallback(v.partial(v.object(v.entriesFromList(TURNABLE, controller))), {}),
  beatsPerMinute: v.fallback(v.pipe(v.number(), v.minValue(SLOWEST_BEATS), v.maxValue(FASTEST_BEATS)), 90),
});

export type Settings = v.InferOutput<typeof SettingsSchema>;

export class SettingsStore {
  readonly #key: string;
  #written = '';

  constructor(name: string) {
    this.#key = `anypiano-${name}`;
  }

  /** Undefined where nothing is kept, or the browser keeps nothing. */
  read(): Settings | undefined {
    try {
      const text = localStorage.getItem(this.#key);
      const result = text === null ? undefined : v.safeParse(SettingsSchema, JSON.parse(text));
      return result?.success ? result.output : undefined;
    } catch {
      return undefined;
    }
  }

  /** Where the browser keeps nothing, settings last as long as the page. What did not change is not written again: another tab may have since. */
  write(settings: Settings): void {
    const text = JSON.stringify(settings);
    if (text === this.#written) return;
    this.#written = text;
    try {
      localStorage.setItem(this.#key, text);
    } catch {
      // Private windows and full disks refuse; the piano plays all the same.
    }
  }
}
