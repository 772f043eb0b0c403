/** What a host can automate: one table for both threads. */
import { CONCERT_PITCH, HIGHEST_CONCERT_PITCH, LOWEST_CONCERT_PITCH } from '../../model/temperament.ts';
import { MOST_BRIGHTNESS } from '../../model/tone.ts';

export type ParameterId =
  | 'piano'
  | 'towards'
  | 'morph'
  | 'volume'
  | 'expression'
  | 'sustain'
  | 'sostenuto'
  | 'soft'
  | 'brightness'
  | 'hammer'
  | 'concertPitch'
  | 'inTune'
  | 'width'
  | 'room'
  | 'resonance'
  | 'touch';

export interface Parameter {
  readonly id: ParameterId;
  readonly label: string;
  /** Choices are pianos, by their place in the list. */
  readonly type: 'float' | 'boolean' | 'choice';
  readonly minValue: number;
  /** Of a choice, what there is to choose from decides. */
  readonly maxValue: number;
  readonly defaultValue: number;
  readonly units: string;
  /** What a slider moves by, and what its value is said to. */
  readonly step: number;
}

function percent(id: ParameterId, label: string, defaultValue: number, minValue = 0): Parameter {
  return { id, label, type: 'float', minValue, maxValue: 100, defaultValue, units: '%', step: 1 };
}

function choice(id: ParameterId, label: string, defaultValue: number): Parameter {
  return { id, label, type: 'choice', minValue: 0, maxValue: Infinity, defaultValue, units: '', step: 1 };
}

export const PARAMETERS: readonly Parameter[] = [
  choice('piano', 'Piano', 0),
  choice('towards', 'Towards', 1),
  /** Place between the two. */
  percent('morph', 'Morph', 0),
  /** 40 log10(value / 100) dB, as MIDI has it; so is expression. */
  percent('volume', 'Volume', 100),
  percent('expression', 'Expression', 100),
  percent('sustain', 'Sustain pedal', 0),
  { id: 'sostenuto', label: 'Sostenuto pedal', type: 'boolean', minValue: 0, maxValue: 1, defaultValue: 0, units: '', step: 1 },
  percent('soft', 'Una corda pedal', 0),
  /** Tilt of all that sounds; 0 as recorded. */
  { id: 'brightness', label: 'Brightness', type: 'float', minValue: -MOST_BRIGHTNESS, maxValue: MOST_BRIGHTNESS, defaultValue: 0, units: 'dB/octave', step: 0.1 },
  /** Soft to hard, for the strikes that follow; 0 as recorded. */
  percent('hammer', 'Hammers', 0, -100),
  /** Frequency of A4, on a piano that was tuned to 440 Hz. */
  { id: 'concertPitch', label: 'Pitch', type: 'float', minValue: LOWEST_CONCERT_PITCH, maxValue: HIGHEST_CONCERT_PITCH, defaultValue: CONCERT_PITCH, units: 'Hz', step: 0.5 },
  /** As the piano was found to equal temperament with its stretch. */
  percent('inTune', 'Tuning', 0),
  percent('width', 'Width', 70),
  percent('room', 'Room', 20),
  /** 50 as in a grand. */
  percent('resonance', 'Resonance', 50),
  /** How MIDI keyboards are felt: light to heavy. */
  percent('touch', 'Touch', 0, -100),
];

/** Place of each parameter in the table. */
export const PLACE = Object.fromEntries(PARAMETERS.map(({ id }, place) => [id, place])) as Readonly<Record<ParameterId, number>>;

/** Place of a parameter; undefined where there is none of that name. */
export function placeOf(id: string): number | undefined {
  return Object.hasOwn(PLACE, id) ? PLACE[id as ParameterId] : undefined;
}
