/** What a host can automate: one table for both threads. */

export type ParameterId =
  | 'piano'
  | 'towards'
  | 'morph'
  | 'volume'
  | 'expression'
  | 'sustain'
  | 'sostenuto'
  | 'soft'
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
}

function percent(id: ParameterId, label: string, defaultValue: number, minValue = 0): Parameter {
  return { id, label, type: 'float', minValue, maxValue: 100, defaultValue, units: '%' };
}

function choice(id: ParameterId, label: string, defaultValue: number): Parameter {
  return { id, label, type: 'choice', minValue: 0, maxValue: Infinity, defaultValue, units: '' };
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
  { id: 'sostenuto', label: 'Sostenuto pedal', type: 'boolean', minValue: 0, maxValue: 1, defaultValue: 0, units: '' },
  percent('soft', 'Una corda pedal', 0),
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
