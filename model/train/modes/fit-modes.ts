/** How two modes have to be for a partial to fall as it was recorded. */
import { levenbergMarquardt } from 'ml-levenberg-marquardt';
import { gainOf } from '../../decibels.ts';

/** What was recorded of a partial in a frame of a strike, and what the network has there. */
export interface HeardFrame {
  /** How much it counts. */
  readonly weight: number;
  /** Its window, which says what a mode of a rate has in a frame more than in its middle. */
  readonly window: { lift(rate: number): number };
  /** Seconds after the strike of the frame's middle. */
  readonly time: number;
  /** Recorded level in dB. */
  readonly level: number;
  /** Power that is there beside the two modes. */
  readonly beside: number;
  /** Amplitudes at the strike and rates in 1/s that the network has for the strike. */
  readonly prompt: number;
  readonly aftersound: number;
  readonly promptRate: number;
  readonly aftersoundRate: number;
}

/** Hz and radians by which the aftersound is ahead, and changes of what the network has: dB, dB, natural logarithms of the factors of both rates. */
export interface ModeChange {
  readonly beat: number;
  readonly lead: number;
  readonly level: number;
  readonly aftersound: number;
  readonly promptRate: number;
  readonly aftersoundRate: number;
}

type Vector = [beat: number, lead: number, level: number, aftersound: number, promptRate: number, aftersoundRate: number];

/** Standard deviations of a frame in dB, and of what a key is expected to differ from the network: dB, dB, logarithms. */
const FRAME_DEVIATION = 2;
const LEVEL_DEVIATION = 2.5;
const AFTERSOUND_DEVIATION = 6;
const RATE_DEVIATION = 0.3;
/** Neighbouring frames share so much of their sound that so many tell as much as one. */
const OVERLAP = 2.5;
/** dB off from which on an error counts no more. */
const LOST = 12;

/** Hz between beats that are tried, leads in a turn, and dB. */
const BEAT_STEP = 0.12;
const LEADS = 8;
const AFTERSOUNDS = [-12, -8, -4, 0, 4, 8, 12];
/** Where a fit goes on from: the best tries, these Hz or this share of a turn's diameter apart. */
const STARTS = 4;
const APART_HERTZ = 0.3;
const APART_LEAD = 0.5;
const ITERATIONS = 15;
/** How far a fit may go from where it starts, and differences for its gradient. */
const REACH: Vector = [0.15, 0.8, 12, 24, 1.5, 1.5];
const DIFFERENCE: Vector = [0.005, 0.02, 0.1, 0.1, 0.01, 0.01];

const DECIBELS = 10 / Math.LN10;

/** @param ownBeat that the network has, @param mostBeat that is tried, Hz */
export function fitModes(heard: readonly HeardFrame[], ownBeat: number, mostBeat: number): ModeChange {
  const plain: Vector = [ownBeat, 0, 0, 0, 0, 0];
  const errors = errorsOf(heard);
  const data = { x: Array.from({ length: heard.length + 4 }, (_, i) => i), y: new Array<number>(heard.length + 4).fill(0) };
  const fits = [plain, ...starts(heard, mostBeat)].map((start) => {
    const { parameterValues, parameterError } = levenbergMarquardt(data, errors, {
      initialValues: start,
      minValues: start.map((value, i) => value - REACH[i]!),
      maxValues: start.map((value, i) => value + REACH[i]!),
      gradientDifference: DIFFERENCE,
      maxIterations: ITERATIONS,
    });
    return { vector: parameterValues as Vector, error: parameterError };
  });
  const unchanged = errors(plain);
  const best = fits.reduce((a, b) => (b.error < a.error ? b : a), { vector: plain, error: data.x.reduce((sum, x) => sum + unchanged(x) ** 2, 0) });
  const [beat, lead, level, aftersound, promptRate, aftersoundRate] = best.vector;
  return { beat, lead, level, aftersound, promptRate, aftersoundRate };
}

/** Errors in standard deviations: those of the frames, then those of what was expected. */
function errorsOf(heard: readonly HeardFrame[]): (vector: number[]) => (x: number) => number {
  return (vector) => {
    const [beat, lead, level, aftersound, promptRate, aftersoundRate] = vector as Vector;
    const modes = modePowers(heard, { beat, lead, level, aftersound, promptRate, aftersoundRate });
    const expected = [level / LEVEL_DEVIATION, aftersound / AFTERSOUND_DEVIATION, promptRate / RATE_DEVIATION, aftersoundRate / RATE_DEVIATION];
    return (x) => {
      const frame = heard[x];
      if (frame === undefined) return expected[x - heard.length]!;
      return (Math.sqrt(frame.weight / OVERLAP) / FRAME_DEVIATION) * bounded(frame.level - DECIBELS * Math.log(modes[x]! + frame.beside));
    };
  };
}

const bounded = (error: number): number => error / Math.sqrt(1 + (error / LOST) ** 2);

/** Power of two sines, the cosine of whose angle is `cos`; never below 0, not even by rounding. */
function powerOf(a: number, b: number, cos: number): number {
  return Math.max(0, a * a + b * b + 2 * a * b * cos);
}

/** Strikes have a rate each and many frames: what windows say is asked once. */
class Lifts {
  readonly #known = new Map<HeardFrame['window'], Map<number, number>>();

  of(window: HeardFrame['window'], rate: number): number {
    const own = this.#known.get(window) ?? new Map<number, number>();
    this.#known.set(window, own);
    const lift = own.get(rate) ?? window.lift(rate);
    own.set(rate, lift);
    return lift;
  }
}

/** Power of the two modes in each frame. */
function modePowers(heard: readonly HeardFrame[], change: ModeChange): Float64Array {
  const level = gainOf(change.level);
  const aftersound = level * gainOf(change.aftersound);
  const [faster, later] = [Math.exp(change.promptRate), Math.exp(change.aftersoundRate)];
  const lifts = new Lifts();
  return Float64Array.from(heard, (frame) => {
    const [r1, r2] = [frame.promptRate * faster, frame.aftersoundRate * later];
    const a = level * frame.prompt * lifts.of(frame.window, r1) * Math.exp(-r1 * frame.time);
    const b = aftersound * frame.aftersound * lifts.of(frame.window, r2) * Math.exp(-r2 * frame.time);
    return powerOf(a, b, Math.cos(2 * Math.PI * change.beat * frame.time + change.lead));
  });
}

/** The best of many beats, leads and levels of the aftersound. */
function starts(heard: readonly HeardFrame[], mostBeat: number): Vector[] {
  const prompt = heard.map((frame) => frame.prompt * frame.window.lift(frame.promptRate) * Math.exp(-frame.promptRate * frame.time));
  const aftersound = heard.map((frame) => frame.aftersound * frame.window.lift(frame.aftersoundRate) * Math.exp(-frame.aftersoundRate * frame.time));
  const tries: { vector: Vector; error: number }[] = [];
  for (let beat = 0; beat <= mostBeat; beat += BEAT_STEP) {
    for (let turn = 0; turn < LEADS; turn++) {
      const lead = (2 * Math.PI * turn) / LEADS;
      const cos = heard.map(({ time }) => Math.cos(2 * Math.PI * beat * time + lead));
      for (const louder of AFTERSOUNDS) tries.push(tried(heard, prompt, aftersound, cos, beat, lead, louder));
    }
  }
  tries.sort((a, b) => a.error - b.error);
  const best: Vector[] = [];
  for (const { vector } of tries) {
    if (best.length === STARTS) break;
    const apart = best.every(([beat, lead]) => Math.abs(beat - vector[0]) > APART_HERTZ || Math.abs(Math.sin((lead - vector[1]) / 2)) > APART_LEAD);
    if (apart) best.push(vector);
  }
  return best;
}

/** One try, at the level that fits it. */
function tried(heard: readonly HeardFrame[], prompt: readonly number[], aftersound: readonly number[], cos: readonly number[], beat: number, lead: number, louder: number): { vector: Vector; error: number } {
  const gain = gainOf(louder);
  const off = new Float64Array(heard.length);
  let [weights, sum] = [0, 0];
  heard.forEach(({ level, beside }, n) => {
    const [a, b] = [prompt[n]!, gain * aftersound[n]!];
    const power = powerOf(a, b, cos[n]!);
    off[n] = level - DECIBELS * Math.log(power + beside);
    const weight = power / (power + beside);
    weights += weight;
    sum += weight * off[n];
  });
  // The mean of so many frames is drawn a little towards what the network has.
  const level = weights === 0 ? 0 : (0.7 * sum) / weights;
  const errors = heard.reduce((total, { weight }, n) => total + (weight / OVERLAP) * bounded(off[n]! - level) ** 2, 0);
  return {
    vector: [beat, lead, level, louder, 0, 0],
    error: errors / FRAME_DEVIATION ** 2 + (level / LEVEL_DEVIATION) ** 2 + (louder / AFTERSOUND_DEVIATION) ** 2,
  };
}
