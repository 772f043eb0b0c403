/** Where the two modes of a partial lie: what levels alone do not tell, but its spectrum does. */
import type { Phasor } from '../../corpus/partial-phases.ts';
import { gainOf } from '../../decibels.ts';
import type { HeardFrame, ModeChange } from './fit-modes.ts';

/** What was recorded of a partial in a frame, turned back by the stiff string's frequency, and what the network has there. */
export interface TurnedFrame extends HeardFrame {
  readonly phasor: Phasor;
}

/** Seconds in which pitch is heard, after the blow. */
const FROM = 0.03;
const UNTIL = 1.03;
/** Hz between offsets that are tried, and between the lines of a spectrum, which go on for so many Hz beside the modes. */
const STEP = 0.04;
const MARGIN = 3;

/**
 * Where the middle of two modes lies, in Hz above the stiff string's partial, and whether the aftersound is the upper one (1) or the lower one (-1).
 *
 * In the second in which pitch is heard, the modes have to turn as it was recorded, and what is loudest has to lie where it was. Where a partial has
 * more than two modes one alone would mislead: phases follow a mode that is soft, and power does not tell one side of a partial from the other.
 *
 * @param strikes frames of each strike, @param mostOffset Hz
 */
export function placeModes(strikes: readonly (readonly TurnedFrame[])[], change: ModeChange, mostOffset: number): { offset: number; side: 1 | -1 } {
  const heard = strikes.map((frames) => frames.filter(({ time }) => time > FROM && time < UNTIL));
  const most = Math.floor(mostOffset / STEP);
  const lines = new Lines(heard, most + Math.ceil((change.beat / 2 + MARGIN) / STEP));
  const recorded = lines.of(({ phasor }) => phasor);
  let best: { offset: number; side: 1 | -1; likeness: number } = { offset: 0, side: 1, likeness: -Infinity };
  for (const side of [1, -1] as const) {
    const modelled = lines.of((frame) => modesAt(frame, change, side, frame.time));
    for (let shift = -most; shift <= most; shift++) {
      const likeness = recorded.reduce((sum, spectrum, strike) => sum + likenessOf(spectrum, modelled[strike]!, shift), 0);
      if (likeness > best.likeness) best = { offset: shift * STEP, side, likeness };
    }
  }
  return { offset: best.offset, side: best.side };
}

/** A spectrum around 0 Hz whose powers sum to 1. */
interface LineSpectrum {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** How alike two spectra are of which one is moved by `shift` lines: as waves, times as powers. */
function likenessOf(a: LineSpectrum, b: LineSpectrum, shift: number): number {
  let [re, im, power, aa, bb] = [0, 0, 0, 0, 0];
  for (let line = Math.max(0, shift); line < a.re.length + Math.min(0, shift); line++) {
    const [ar, ai, br, bi] = [a.re[line]!, a.im[line]!, b.re[line - shift]!, b.im[line - shift]!];
    re += ar * br + ai * bi;
    im += ai * br - ar * bi;
    const [x, y] = [ar * ar + ai * ai, br * br + bi * bi];
    power += x * y;
    aa += x * x;
    bb += y * y;
  }
  return Math.hypot(re, im) * (power / Math.sqrt(aa * bb + Number.MIN_VALUE));
}

/** Spectra of what turns slowly, under a Hann window. */
class Lines {
  readonly #strikes: readonly (readonly TurnedFrame[])[];
  readonly #frequencies: readonly number[];

  /** @param reach lines on either side of 0 */
  constructor(strikes: readonly (readonly TurnedFrame[])[], reach: number) {
    this.#strikes = strikes;
    this.#frequencies = Array.from({ length: 2 * reach + 1 }, (_, i) => (i - reach) * STEP);
  }

  /** The spectrum of each strike. */
  of(phasorOf: (frame: TurnedFrame) => Phasor): LineSpectrum[] {
    return this.#strikes.map((frames) => {
      const windowed = frames.map((frame) => {
        const window = 1 - Math.cos((2 * Math.PI * (frame.time - FROM)) / (UNTIL - FROM));
        const { re, im } = phasorOf(frame);
        return { time: frame.time, re: window * re, im: window * im };
      });
      const spectrum = { re: new Float64Array(this.#frequencies.length), im: new Float64Array(this.#frequencies.length) };
      let power = Number.MIN_VALUE;
      this.#frequencies.forEach((frequency, line) => {
        for (const { time, re, im } of windowed) {
          const angle = -2 * Math.PI * frequency * time;
          spectrum.re[line]! += re * Math.cos(angle) - im * Math.sin(angle);
          spectrum.im[line]! += re * Math.sin(angle) + im * Math.cos(angle);
        }
        power += spectrum.re[line]! ** 2 + spectrum.im[line]! ** 2;
      });
      const gain = 1 / Math.sqrt(power);
      return { re: spectrum.re.map((x) => gain * x), im: spectrum.im.map((x) => gain * x) };
    });
  }
}

/** Sum of the two modes, `time` seconds after the strike, against a sine in their middle that starts with the prompt one. */
export function modesAt(network: Pick<HeardFrame, 'prompt' | 'aftersound' | 'promptRate' | 'aftersoundRate'>, change: ModeChange, side: number, time: number): Phasor {
  const a = network.prompt * Math.exp(-network.promptRate * Math.exp(change.promptRate) * time);
  const b = network.aftersound * gainOf(change.aftersound) * Math.exp(-network.aftersoundRate * Math.exp(change.aftersoundRate) * time);
  const half = Math.PI * change.beat * time;
  return {
    re: a * Math.cos(half) + b * Math.cos(half + change.lead),
    im: side * (b * Math.sin(half + change.lead) - a * Math.sin(half)),
  };
}
