/** On which side of a partial each of its modes lies: what levels alone do not tell, but the turning of a partial's phase does. */
import { gainOf } from '../../decibels.ts';
import type { HeardFrame, ModeChange } from './fit-modes.ts';

/** A complex number. */
export interface Phasor {
  readonly re: number;
  readonly im: number;
}

/** What was recorded of a partial in a frame, turned back by the stiff string's frequency, and what the network has there. */
export interface TurnedFrame extends HeardFrame {
  readonly phasor: Phasor;
}

/** Hz between offsets that are tried. */
const STEP = 0.02;

/**
 * Where the middle of two modes lies, in Hz above the stiff string's partial, and whether the aftersound is the upper one (1) or the lower one (-1).
 *
 * @param strikes frames of each strike, @param mostOffset Hz
 */
export function placeModes(strikes: readonly (readonly TurnedFrame[])[], change: ModeChange, mostOffset: number): { offset: number; side: 1 | -1 } {
  let best: { offset: number; side: 1 | -1; agreement: number } = { offset: 0, side: 1, agreement: -Infinity };
  for (const side of [1, -1] as const) {
    const strikeProducts = strikes.map((frames) => frames.map((frame) => ({ time: frame.time, ...productWith(frame, change, side) })));
    for (let offset = -mostOffset; offset <= mostOffset; offset += STEP) {
      const agreement = strikeProducts.reduce((sum, products) => {
        let [re, im] = [0, 0];
        for (const product of products) {
          const angle = -2 * Math.PI * offset * product.time;
          re += product.re * Math.cos(angle) - product.im * Math.sin(angle);
          im += product.re * Math.sin(angle) + product.im * Math.cos(angle);
        }
        return sum + Math.hypot(re, im);
      }, 0);
      if (agreement > best.agreement) best = { offset, side, agreement };
    }
  }
  return { offset: best.offset, side: best.side };
}

/** The recorded phasor times the conjugate of the modes', by the root of both sizes: late frames tell a frequency best and must be heard. */
function productWith({ phasor, ...frame }: TurnedFrame, change: ModeChange, side: number): Phasor {
  const modes = modesAt(frame, change, side, frame.time);
  const re = phasor.re * modes.re + phasor.im * modes.im;
  const im = phasor.im * modes.re - phasor.re * modes.im;
  const size = Math.hypot(re, im);
  return size === 0 ? { re: 0, im: 0 } : { re: re / Math.sqrt(size), im: im / Math.sqrt(size) };
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
