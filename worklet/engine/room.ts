/**
 * A small room: a feedback delay network (Jot and Chaigne, 1991, "Digital delay networks for designing artificial
 * reverberators") of eight lines with a Householder matrix, which loses nothing, and a low-pass in each line, which
 * makes high sound decay faster.
 */
import { USUAL_ROOM, type RoomShape } from '../../model/room.ts';

const LINES = 8;
/** Delays in seconds; in samples they are made prime, so that echoes do not fall together. */
const DELAYS = [0.0113, 0.0137, 0.0163, 0.0191, 0.0223, 0.0257, 0.0293, 0.0331];
/** Sign of each line on the left and on the right: every pair of lines differs, so that the sides do too. */
const LEFT = [1, -1, 1, 1, -1, 1, -1, -1];
const RIGHT = [1, 1, -1, 1, -1, -1, 1, -1];
/** Level of all lines together, so that a room that rings for a second is about as loud as what goes in where its level is 1. */
const OUTPUT = 0.33;
/**
 * What differs between the sides is lost where both are played as one: a little less of it, the less the louder the room is,
 * and none in the bass, where few echoes make up the room and could differ in all of it. Its level beside what both sides
 * have in common in a faint room, what a room as loud as the piano takes of it, and its corner in Hz.
 */
const SIDE = 0.85;
const SIDE_LOST = 1.3;
const SIDE_HERTZ = 250;
/** Seconds in which one room becomes another. */
const GLIDE_SECONDS = 0.05;
/** Nearer than this, in shares, a room is there. */
const THERE = 1e-3;
/** Below this a sample is silence, long before it is a denormal number. */
const SILENCE = 1e-12;

class Line {
  readonly #memory: Float64Array;
  readonly #seconds: number;
  #gain = NaN;
  #pole = NaN;
  #gainStep = 0.5;
  #poleStep = 0.5;
  #at = 0;
  #low = NaN;

  constructor(length: number, sampleRate: number) {
    this.#memory = new Float64Array(length);
    this.#seconds = length / sampleRate;
    this.clear();
  }

  /**
   * Sets how sound decays; it gets there on a line in `frames` samples, at once where these are 0.
   *
   * @param lowSeconds in which the bass falls by 60 dB, @param highSeconds the highest frequencies
   */
  decay(lowSeconds: number, highSeconds: number, frames: number): void {
    const low = 10 ** ((-3 * this.#seconds) / lowSeconds);
    const high = 10 ** ((-3 * this.#seconds) / highSeconds);
    // y = (1 - p) g x + p y has the gain g at 0 Hz and g (1 - p) / (1 + p) at the highest frequency.
    const pole = (low - high) / (low + high);
    const gain = low * (1 - pole);
    this.#poleStep = frames === 0 ? 0 : (pole - this.#pole) / frames;
    this.#gainStep = frames === 0 ? 0 : (gain - this.#gain) / frames;
    if (frames > 0) return;
    this.#pole = pole;
    this.#gain = gain;
  }

  /** What comes out now, filtered; to be called once a sample, before `write`. */
  read(): number {
    this.#gain += this.#gainStep;
    this.#pole += this.#poleStep;
    this.#low = this.#gain * this.#memory[this.#at]! + this.#pole * this.#low;
    return this.#low;
  }

  write(sample: number): void {
    this.#memory[this.#at] = sample;
    if (++this.#at === this.#memory.length) this.#at = 0;
  }

  clear(): void {
    this.#memory.fill(0);
    this.#low = 0;
  }
}

/** Allocates only in the constructor. */
export class Room {
  readonly #lines: readonly Line[];
  readonly #out = new Float64Array(LINES);
  readonly #sampleRate: number;
  #low = NaN;
  #high = NaN;
  #level = NaN;
  #wanted: RoomShape = USUAL_ROOM;
  #output = NaN;
  #outputStep = 0.5;
  #wet = NaN;
  /** Whether it neither moves nor has to. */
  #still = false;
  #middle = NaN;
  #middleStep = 0.5;
  #side = NaN;
  #sideStep = 0.5;
  readonly #sidePole: number;
  #sideBass = NaN;
  #silent = Infinity;
  /** What the last sample of `next` is answered with. */
  left = NaN;
  right = NaN;

  /** @param sampleRate in Hz */
  constructor(sampleRate: number) {
    this.#lines = DELAYS.map((seconds) => new Line(primeAbove(seconds * sampleRate), sampleRate));
    this.#sampleRate = sampleRate;
    this.#sidePole = 1 - Math.exp((-2 * Math.PI * SIDE_HERTZ) / sampleRate);
    this.reset(USUAL_ROOM, 0);
  }

  /** The room that this one becomes in the blocks that follow. */
  set shape(shape: RoomShape) {
    this.#wanted = shape;
    this.#still = false;
  }

  /** A silent room of this shape, at once. @param wet as in `glide` */
  reset(shape: RoomShape, wet: number): void {
    this.#wanted = shape;
    this.#wet = wet;
    this.#become(1, 0);
    this.clear();
  }

  /**
   * Moves on to the shape that is wanted; to be called once for each block of `frames` frames.
   *
   * @param wet level, 0..1, at which the room is added to the piano at the end of the block
   */
  glide(frames: number, wet: number): void {
    if (this.#still && wet === this.#wet) return;
    // What the block before has moved to, exactly.
    this.#settle(0);
    this.#still = this.#isThere && wet === this.#wet;
    if (this.#still) return;
    this.#wet = wet;
    this.#become(1 - Math.exp(-frames / (GLIDE_SECONDS * this.#sampleRate)), frames);
  }

  /** Whether nothing sounds in it, and nothing in `input` will; to be asked once for each block. */
  isSilent(input: Float32Array): boolean {
    for (let n = 0; n < input.length; n++) {
      if (Math.abs(input[n]!) > SILENCE) {
        this.#silent = 0;
        return false;
      }
    }
    this.#silent += input.length;
    // After four times its decay nothing is left in the lines.
    if (this.#silent > 4 * Math.max(this.#low, this.#wanted.decaySeconds) * this.#sampleRate && this.#silent < Infinity) this.clear();
    return this.#silent === Infinity;
  }

  /** Moves on by a sample; the answer is in `left` and `right`. */
  next(input: number): void {
    const out = this.#out;
    const lines = this.#lines;
    let sum = 0;
    let left = 0;
    let right = 0;
    for (let i = 0; i < LINES; i++) {
      const value = lines[i]!.read();
      out[i] = value;
      sum += value;
      left += LEFT[i]! * value;
      right += RIGHT[i]! * value;
    }
    const back = input - (2 / LINES) * sum;
    for (let i = 0; i < LINES; i++) lines[i]!.write(out[i]! + back);
    this.#side += this.#sideStep;
    const side = this.#side * (left - right);
    this.#sideBass += this.#sidePole * (side - this.#sideBass);
    this.#middle += this.#middleStep;
    const middle = this.#middle * (left + right);
    this.#output += this.#outputStep;
    this.left = this.#output * (middle + side - this.#sideBass);
    this.right = this.#output * (middle - side + this.#sideBass);
  }

  /** Nothing sounds in it any more. */
  clear(): void {
    for (let i = 0; i < LINES; i++) this.#lines[i]!.clear();
    this.#silent = Infinity;
    this.#sideBass = 0;
    this.left = 0;
    this.right = 0;
  }

  /** Whether it stands, or ends the block, as is wanted. */
  get #isThere(): boolean {
    const { decaySeconds, highDecaySeconds, level } = this.#wanted;
    return this.#low === decaySeconds && this.#high === highDecaySeconds && this.#level === level;
  }

  /** Moves a share of the way to the shape that is wanted, in `frames` frames. */
  #become(share: number, frames: number): void {
    const { decaySeconds, highDecaySeconds, level } = this.#wanted;
    const isNear = near(this.#low, decaySeconds) && near(this.#high, highDecaySeconds) && near(this.#level, level);
    const part = isNear ? 1 : share;
    this.#low = between(this.#low, decaySeconds, part);
    this.#high = between(this.#high, highDecaySeconds, part);
    this.#level = between(this.#level, level, part);
    this.#settle(frames);
  }

  /** Brings lines, level and sides to where they stand, in `frames` samples. */
  #settle(frames: number): void {
    for (let i = 0; i < LINES; i++) this.#lines[i]!.decay(this.#low, this.#high, frames);
    // What rings for longer would be louder.
    const output = (OUTPUT * this.#level) / Math.sqrt(this.#low);
    const share = SIDE / (1 + SIDE_LOST * this.#wet * this.#level);
    // What the side loses in power goes to the middle.
    const middle = 0.5 * Math.sqrt((1 + SIDE * SIDE) / (1 + share * share));
    const side = middle * share;
    this.#outputStep = frames === 0 ? 0 : (output - this.#output) / frames;
    this.#middleStep = frames === 0 ? 0 : (middle - this.#middle) / frames;
    this.#sideStep = frames === 0 ? 0 : (side - this.#side) / frames;
    if (frames > 0) return;
    this.#output = output;
    this.#middle = middle;
    this.#side = side;
  }
}

function near(value: number, target: number): boolean {
  return Math.abs(value - target) <= THERE * target;
}

function between(from: number, to: number, share: number): number {
  return share === 1 ? to : from + (to - from) * share;
}

function primeAbove(value: number): number {
  const isPrime = (n: number): boolean => {
    for (let d = 2; d * d <= n; d++) if (n % d === 0) return false;
    return true;
  };
  let n = Math.ceil(value);
  while (!isPrime(n)) n++;
  return n;
}
