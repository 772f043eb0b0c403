import { LitElement } from 'lit';
import { property, state } from 'lit/decorators.js';
import { numberFrom, text } from './attributes.ts';
import { ALL_CHANNELS } from './midi-controller.ts';
import { MidiLearn, type Learned, type LearnListener } from './midi-learn.ts';
import type { Notice } from './piano-notice.ts';
import { SETTING_RANGES, TONE_SETTINGS, toneAtRest, type ToneValues, type Turnable } from './sound-settings.ts';

/** Of an attribute that a slider turns: without it, the setting rests. */
const turnable = (setting: Turnable): ReturnType<typeof numberFrom> => numberFrom(SETTING_RANGES[setting].rest);

/** What is set of an instrument, by its attributes, its sliders and the controllers of a MIDI keyboard. */
export abstract class InstrumentSettings extends LitElement implements LearnListener {
  /** MIDI inputs to listen to: `all`, or part of their name. Where it is empty, the player can switch MIDI on. */
  @property({ converter: text }) midi = '';
  /** MIDI channel to listen to, 1 to 16; 0, the default, for all. */
  @property({ converter: numberFrom(ALL_CHANNELS) }) channel: number = ALL_CHANNELS;
  /** How MIDI keyboards are felt: -1 light, 0 as they are, 1 heavy. */
  @property({ converter: turnable('touch') }) touch = 0;
  /** Tilt of the sound in dB per octave, -3 dull to 3 bright; 0 as recorded. */
  @property({ converter: turnable('brightness') }) brightness = 0;
  /** Hammers, -1 soft to 1 hard; 0 as recorded. */
  @property({ converter: turnable('hammer') }) hammer = 0;
  /** Frequency of A4 in Hz, 415 to 466, on a piano that was tuned to 440. */
  @property({ converter: turnable('concertPitch'), attribute: 'concert-pitch' }) concertPitch = 440;
  /** 0 as the piano is tuned, to 1 in equal temperament with the stretch of that piano. */
  @property({ converter: turnable('inTune'), attribute: 'in-tune' }) inTune = 0;
  /** How far the keyboard reaches from left to right, 0 to 1. */
  @property({ converter: turnable('width') }) width = 0.7;
  /** Level of a small room around the piano, 0 to 1. */
  @property({ converter: turnable('room') }) room = 0.2;
  /** How much strings answer others: 0 not at all, 0.5 as in a grand, 1 twice as much. */
  @property({ converter: turnable('resonance') }) resonance = 0.5;
  /** Controllers of a MIDI keyboard that turn settings, for instance `{ brightness: 74 }`. */
  @property({ attribute: false }) learned: Learned = {};

  @state() protected notice: Notice | undefined;

  protected readonly learn = new MidiLearn(this);

  /** All settings of the tone. */
  protected get tone(): ToneValues {
    const { brightness, hammer, concertPitch, inTune, width, room, resonance } = this;
    return { brightness, hammer, concertPitch, inTune, width, room, resonance };
  }

  /** Tells the player something, until it is closed or something else is to be told; undefined closes it. */
  say(notice: Notice | undefined): void {
    this.notice = notice;
  }

  onTurn(setting: Turnable, value: number): void {
    this[setting] = value;
  }

  /** Brings the whole tone back to where it rests. */
  protected resetTone(): void {
    const before = this.tone;
    Object.assign(this, toneAtRest());
    this.say({ text: 'The piano sounds as it was recorded.', action: { label: 'Undo', run: () => Object.assign(this, before) } });
  }

  protected forgetController(setting: Turnable): void {
    const before = this.learned;
    this.learn.forget(setting);
    const text = `Controller ${before[setting]} no longer turns ${SETTING_RANGES[setting].name.toLowerCase()}.`;
    this.say({ text, action: { label: 'Undo', run: () => (this.learned = before) } });
  }

  /** Whether a change concerns the tone. */
  protected isTone(changed: ReadonlyMap<PropertyKey, unknown>): boolean {
    return TONE_SETTINGS.some((setting) => changed.has(setting));
  }
}
