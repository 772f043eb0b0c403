import { describe, expect, it } from 'vitest';
import { Restlessness } from '../../model/train/outline/restlessness.ts';
import { outlineViews } from '../../model/train/outline/views.ts';

const RATE = 48000;
const FRAMES = 20;
const FLOOR = 1e-7;
const view = outlineViews(RATE)[0]!;
const bands = view.edges.length - 1;
const restlessness = new Restlessness(view, RATE);

const powers = (of: (band: number, frame: number) => number): Float32Array =>
  Float32Array.from({ length: FRAMES * bands }, (_, i) => of(i % bands, Math.floor(i / bands)));
const beating = (frame: number): number => 1 + 0.5 * (-1) ** frame;

/** Distance from steady tones in some bands, and noise in some, to what is recorded. */
function distance(tone: (band: number) => boolean, noisy: (band: number) => boolean, recorded: (band: number, frame: number) => number): number {
  const noise = powers((band) => (noisy(band) ? 1 : 0));
  const played = powers((band) => (tone(band) || noisy(band) ? 1 : 0));
  const slopes = new Float32Array(played.length);
  return restlessness.loss({ played, noise, recorded: powers(recorded), frames: FRAMES, heard: bands, floor: FLOOR }, 1, slopes);
}

const always = (): boolean => true;
const never = (): boolean => false;

describe('restlessness', () => {
  const all = distance(always, never, (_, frame) => beating(frame));

  it('is nothing where steady tones were recorded, and much where they beat', () => {
    expect(distance(always, never, () => 1)).toBeLessThan(1e-3);
    expect(all).toBeGreaterThan(0.5);
  });

  it('says as much of one tone in silence as of many', () => {
    const lone = (band: number): boolean => band === 60;
    expect(distance(lone, never, (band, frame) => (lone(band) ? beating(frame) : 0))).toBeCloseTo(all, 2);
  });

  it('does not ask how silence moves, nor noise', () => {
    const half = (band: number): boolean => band < bands / 2;
    const moving = (band: number, frame: number): number => (half(band) ? 1 : FLOOR * (0.05 + beating(frame)));
    expect(distance(half, never, moving)).toBeLessThan(0.02);
    expect(distance(half, (band) => !half(band), (band, frame) => (half(band) ? 1 : beating(frame)))).toBeLessThan(0.02);
  });
});
