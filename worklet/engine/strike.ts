/** Strikes: from a key and its velocity to a voice that sounds. */
import { ControlMap, createControls, type Controls } from '../../model/controls.ts';
import type { RoomShape } from '../../model/room.ts';
import { FIRST_NOTE, NOTE_COUNT, type Spec } from '../../model/spec.ts';
import { fundamental } from '../../model/tuning.ts';
import { softenStrike } from '../../model/una-corda.ts';
import type { Conditioning } from './conditioning.ts';
import type { Noise } from './noise.ts';
import type { NoteNetwork } from './note-network.ts';
import type { Strings } from './strings.ts';
import type { Voice } from './voice.ts';

/** The part of a style that sounds. */
export interface Timbre {
  readonly embedding: ArrayLike<number>;
  readonly tuning: { readonly cents: readonly number[]; readonly inharmonicity: readonly number[] };
  /** For the stage; the engine itself has no room. */
  readonly room?: RoomShape | undefined;
}

/** Allocates only in the constructor. */
export class Striker {
  readonly #spec: Spec;
  readonly #network: NoteNetwork;
  readonly #map: ControlMap;
  readonly #controls: Controls;
  readonly #f0 = new Float64Array(NOTE_COUNT);
  readonly #inharmonicity = new Float64Array(NOTE_COUNT);
  readonly #strings: Strings;
  readonly #noise: Noise;
  readonly #conditioning: Conditioning;
  /** Style embedding z. */
  readonly embedding: Float32Array;
  /** Counts the styles that were set. */
  generation = 0;

  constructor(spec: Spec, network: NoteNetwork, strings: Strings, noise: Noise, conditioning: Conditioning) {
    this.#spec = spec;
    this.#network = network;
    this.#map = new ControlMap(spec);
    this.#controls = createControls(spec);
    this.#strings = strings;
    this.#noise = noise;
    this.#conditioning = conditioning;
    this.embedding = new Float32Array(spec.style.size);
  }

  /** Later strikes have this timbre. */
  setTimbre({ embedding, tuning }: Timbre): void {
    this.generation++;
    this.embedding.set(embedding);
    for (let key = 0; key < NOTE_COUNT; key++) {
      this.#f0[key] = fundamental(tuning, FIRST_NOTE + key);
      this.#inharmonicity[key] = tuning.inharmonicity[key]!;
    }
  }

  /**
   * Starts `voice`, whose note, velocity, pedal and start are set, as it sounds `age` samples after
   * the strike, from sample `origin` of the current tick on.
   */
  begin(voice: Voice, age: number, origin: number): void {
    const { sampleRate, tick } = this.#spec;
    const controls = this.#controls;
    const key = voice.note - FIRST_NOTE;
    const f0 = this.#f0[key]!;
    const inharmonicity = this.#inharmonicity[key]!;
    const raw = this.#network.run(voice.note, voice.velocity, this.embedding, this.#map.partialCount(f0, inharmonicity));
    this.#map.apply(raw, f0, inharmonicity, voice.velocity, controls);
    softenStrike(controls, voice.note, voice.soft);
    const lead = tick - origin;
    this.#strings.strike(voice.slot, controls, age);
    voice.stringPower = this.#strings.ringFirst(voice.slot, lead);
    voice.power = voice.stringPower;
    this.#noise.strike(voice.slot, controls, age + lead);
    // As if from the tick's start, since the decays move on by whole ticks.
    this.#conditioning.start(voice, age - origin);
    voice.features.set(controls.features);
    voice.quiet = Math.exp((-controls.attackRate * age) / sampleRate);
    voice.quietStep = Math.exp(-controls.attackRate / sampleRate);
    voice.style = this.generation;
    voice.origin = origin;
    voice.mixed = origin;
  }
}
