/** Strikes: from a key and its velocity to a voice that sounds. */
import { ControlMap, createControls, type Controls } from '../../model/controls.ts';
import { PLAIN_LEVELS, amplify } from '../../model/key-level.ts';
import { heardVelocity, pianissimoLevel } from '../../model/pianissimo.ts';
import { MODE_NUMBERS, MOST_PARTIALS, applyModes, mixModes } from '../../model/key-modes.ts';
import type { RoomShape } from '../../model/room.ts';
import { FIRST_NOTE, NOTE_COUNT, type Spec } from '../../model/spec.ts';
import { ToneMap } from '../../model/tone.ts';
import { fundamental, startPhases, type Tuned } from '../../model/tuning.ts';
import { softenStrike } from '../../model/una-corda.ts';
import { VoicingMap, type Voicing } from '../../model/voicing.ts';
import type { Conditioning } from './conditioning.ts';
import type { Knocks } from './knocks.ts';
import type { Noise } from './noise.ts';
import type { NoteNetwork } from './note-network.ts';
import type { Strings } from './strings.ts';
import type { Voice } from './voice.ts';

/** The part of a style that sounds. */
export interface Timbre {
  readonly embedding: ArrayLike<number>;
  /** What each key adds to the embedding; a row may be empty. */
  readonly keys?: readonly ArrayLike<number>[];
  readonly tuning: Tuned;
  /** What is known of the partials of each key, see `applyModes`; a row may be empty. */
  readonly modes?: readonly ArrayLike<number>[];
  /** Where the sound is on the way to another piano: its modes, and the share of the way, 0..1. A key's are mixed when it is struck. */
  readonly modesTowards?: { readonly modes: readonly ArrayLike<number>[]; readonly share: number };
  /** dB that each key is louder; without it, none is. */
  readonly levels?: ArrayLike<number>;
  /** Levels and decay over keyboard and frequency; without it, nothing is changed. */
  readonly voicing?: Voicing;
  /** For the stage; the engine itself has no room. */
  readonly room?: RoomShape | undefined;
}

/** Rows of the 88 keys of a piano of which nothing is known. */
export const NO_ROWS: readonly ArrayLike<number>[] = Array.from({ length: NOTE_COUNT }, () => []);

/** Allocates only in the constructor. */
export class Striker {
  readonly #spec: Spec;
  readonly #network: NoteNetwork;
  readonly #map: ControlMap;
  readonly #controls: Controls;
  readonly #tone: ToneMap;
  #brightness = NaN;
  readonly #f0 = new Float64Array(NOTE_COUNT);
  /** `[88][partials]` */
  readonly #phases: readonly Float64Array[];
  readonly #inharmonicity = new Float64Array(NOTE_COUNT);
  #modes = NO_ROWS;
  #otherModes = NO_ROWS;
  #towards = 0;
  readonly #mixed = new Float64Array(1 + MOST_PARTIALS * MODE_NUMBERS.length);
  readonly #levels = new Float64Array(NOTE_COUNT);
  readonly #voicing: VoicingMap;
  readonly #strings: Strings;
  readonly #knocks: Knocks;
  readonly #noise: Noise;
  readonly #conditioning: Conditioning;
  /** Style embedding z. */
  readonly embedding: Float32Array;
  /** z and what each key adds to it, `[88][style size]`. */
  readonly #keys: readonly Float32Array[];
  /** Counts the styles that were set, and the changes of brightness. */
  generation = 0;
  /** Hardness of the hammers for the strikes that follow, -1..1. */
  hammer = NaN;

  constructor(spec: Spec, network: NoteNetwork, strings: Strings, knocks: Knocks, noise: Noise, conditioning: Conditioning) {
    this.#spec = spec;
    this.#network = network;
    this.#map = new ControlMap(spec);
    this.#controls = createControls(spec);
    this.#tone = new ToneMap(spec);
    this.#voicing = new VoicingMap(spec);
    this.#brightness = 0;
    this.hammer = 0;
    this.#strings = strings;
    this.#knocks = knocks;
    this.#noise = noise;
    this.#conditioning = conditioning;
    this.embedding = new Float32Array(spec.style.size);
    this.#phases = Array.from({ length: NOTE_COUNT }, () => new Float64Array(spec.strings.partials));
    this.#keys = Array.from({ length: NOTE_COUNT }, () => new Float32Array(spec.style.size));
  }

  get brightness(): number {
    return this.#brightness;
  }

  /** Tilt in dB per octave; what sounds is struck anew with it. */
  set brightness(brightness: number) {
    if (brightness === this.#brightness) return;
    this.#brightness = brightness;
    this.generation++;
  }

  /** Later strikes have this timbre, and what sounds is struck anew with it. */
  setTimbre({ embedding, keys, tuning, modes = NO_ROWS, modesTowards, levels = PLAIN_LEVELS, voicing }: Timbre): void {
    this.generation++;
    this.embedding.set(embedding);
    this.#voicing.set(voicing);
    this.#modes = modes;
    this.#otherModes = modesTowards?.modes ?? NO_ROWS;
    this.#towards = modesTowards?.share ?? 0;
    for (let key = 0; key < NOTE_COUNT; key++) {
      this.#f0[key] = fundamental(tuning, FIRST_NOTE + key);
      this.#inharmonicity[key] = tuning.inharmonicity[key]!;
      startPhases(tuning, FIRST_NOTE + key, this.#phases[key]!);
      this.#levels[key] = levels[key]!;
      const own = this.#keys[key]!;
      const added = keys?.[key];
      for (let i = 0; i < own.length; i++) own[i] = this.embedding[i]! + (added?.[i] ?? 0);
    }
  }

  #applyModes(controls: Controls, key: number): void {
    const own = this.#modes[key]!;
    if (this.#towards === 0) {
      applyModes(controls, own);
      return;
    }
    const other = this.#otherModes[key]!;
    mixModes(own, other, this.#towards, this.#mixed);
    applyModes(controls, this.#mixed, Math.max(own.length, other.length));
  }

  /**
   * Starts `voice`, whose note, velocity, pedal, hammer, pitch and start are set, as it sounds `age` samples after
   * the strike, from sample `origin` of the current tick on.
   */
  begin(voice: Voice, age: number, origin: number): void {
    const { sampleRate, tick } = this.#spec;
    const controls = this.#controls;
    const key = voice.note - FIRST_NOTE;
    const f0 = this.#f0[key]!;
    const inharmonicity = this.#inharmonicity[key]!;
    const velocity = heardVelocity(voice.velocity);
    const raw = this.#network.run(voice.note, velocity, this.#keys[key]!, this.#map.partialCount(f0, inharmonicity));
    this.#map.apply(raw, f0, inharmonicity, velocity, controls);
    controls.phase.set(this.#phases[key]!);
    this.#applyModes(controls, key);
    this.#voicing.apply(controls, voice.note, velocity);
    amplify(controls, this.#levels[key]! + pianissimoLevel(voice.velocity));
    softenStrike(controls, voice.note, voice.soft);
    this.#tone.apply(controls, voice.note, this.#brightness, voice.hammer);
    const lead = tick - origin;
    // What sounds already goes on at its phase, whatever its pitch becomes.
    if (age > 0 && voice.fundamental !== f0) voice.turned = (voice.fundamental / f0) * (age + voice.turned) - age;
    voice.fundamental = f0;
    this.#strings.strike(voice.slot, controls, age, voice.ratio, voice.turned);
    voice.stringPower = this.#strings.ringFirst(voice.slot, lead);
    voice.power = voice.stringPower;
    voice.quiet = Math.exp((-controls.attackRate * age) / sampleRate);
    voice.quietStep = Math.exp(-controls.attackRate / sampleRate);
    this.#strings.rise(voice, lead);
    this.#knocks.strike(voice.slot, controls, age);
    this.#knocks.add(voice.slot, this.#strings.tick(voice.slot), lead);
    this.#noise.strike(voice.slot, controls, age + lead);
    // As if from the tick's start, since the decays move on by whole ticks.
    this.#conditioning.start(voice, age - origin);
    voice.features.set(controls.features);
    voice.style = this.generation;
    voice.origin = origin;
    voice.mixed = origin;
  }
}
