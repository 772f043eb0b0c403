/** One sounding strike. */
import { sideOf } from './stage.ts';

/** Voices that sound at most; `FADING` more may be fading out. */
export const SOUNDING = 64;
export const FADING = 16;
/** Voices of one key that sound at most. */
export const PER_KEY = 4;

/**
 * Until a strike sets it. A field that starts as a whole number has V8 allocate a box for every
 * fraction stored in it later; one that starts as a double holds doubles in place.
 */
const NOT_SET = NaN;

/** In place of a style generation: taken over from another engine, and not yet struck in this one. */
export const AWAITED = -1;

export class Voice {
  /** Which part of the kernel's memory is this voice's. */
  readonly slot: number;
  active = false;
  /** Fading out to make room. */
  fading = false;
  note = 0;
  velocity = NOT_SET;
  /** Depth of the una corda pedal at the strike, 0..1. */
  soft = NOT_SET;
  /** Hardness of the hammer at the strike, -1..1. */
  hammer = NOT_SET;
  /** Side of the strings as a share of their middle; see `stage.ts`. */
  pan = NOT_SET;
  /** Model sample of the strike; a fraction where another engine struck it at another rate. */
  start = NOT_SET;
  /** Style generation that it was struck with, or `AWAITED`. */
  style = 0;
  /** Damper gain D, and its factor from sample to sample. */
  damper = NOT_SET;
  damperStep = NOT_SET;
  /** Share of the strings that the attack still holds back, and its factor from sample to sample. */
  quiet = NOT_SET;
  quietStep = NOT_SET;
  /** Gain 0..1 of a fade, and its change from sample to sample. */
  fade = NOT_SET;
  fadeStep = NOT_SET;
  /** Mean power of the strings at the end of the tick, without gains. */
  stringPower = NOT_SET;
  /** Mean power, all included, at the last boundary. */
  power = NOT_SET;
  /** Pitch above the piano's own: cents on the way and now, the frequencies' factor, and samples by which it has moved the phases. */
  nextCents = NOT_SET;
  cents = NOT_SET;
  ratio = NOT_SET;
  turned = NOT_SET;
  /** Fundamental in Hz, without bends. */
  fundamental = NOT_SET;
  /** Cents that the key is bent by, which follow it while this is its latest strike. */
  keyBend = NOT_SET;
  isLatest = false;
  /** Offset in the tick of the first sample that the strings wrote, and of the next to mix. */
  origin = 0;
  mixed = 0;
  /** exp(-t / decay) for each of the conditioning's decays. */
  readonly decays: Float64Array;
  /** Features h for the conditioning. */
  readonly features: Float64Array;

  constructor(slot: number, decays: number, features: number) {
    this.slot = slot;
    this.decays = new Float64Array(decays);
    this.features = new Float64Array(features);
  }

  /** Starts a new strike in this slot; `Striker.begin` gives it its sound. */
  activate(note: number, velocity: number, soft: number, start: number, damperStep: number): void {
    this.active = true;
    this.fading = false;
    this.note = note;
    this.velocity = velocity;
    this.soft = soft;
    this.pan = sideOf(note);
    this.start = start;
    this.damperStep = damperStep;
  }

  /** Takes over the hammer and the pitch of another voice of the same key. */
  resemble(other: Voice): void {
    this.hammer = other.hammer;
    this.nextCents = other.nextCents;
    this.cents = other.cents;
    this.ratio = other.ratio;
    this.turned = other.turned;
    this.fundamental = other.fundamental;
    this.keyBend = other.keyBend;
    this.isLatest = other.isLatest;
  }

  /** Gain on strings, noise and features, the attack left out. */
  get gain(): number {
    return this.damper * this.fade;
  }

  /** Whether a fade has reached silence. */
  get faded(): boolean {
    return this.fadeStep < 0 && this.fade < 1e-9;
  }

  /** Moves damper and fade on by `samples` samples. */
  advance(samples: number): void {
    if (this.damperStep !== 1) this.damper *= this.damperStep ** samples;
    if (this.fadeStep === 0) return;
    this.fade = Math.max(0, Math.min(1, this.fade + this.fadeStep * samples));
    if (this.fadeStep > 0 && this.fade === 1) this.fadeStep = 0;
  }
}
