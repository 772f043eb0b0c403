import { describe, expect, it } from 'vitest';
import { ControlMap, createControls, type Controls } from '../../model/controls.ts';
import { DEFAULT_SPEC, noiseBands, noteOutputSize } from '../../model/spec.ts';
import { ToneMap, hammerKnee } from '../../model/tone.ts';

const tone = new ToneMap(DEFAULT_SPEC);
const bands = noiseBands(DEFAULT_SPEC);

function controlsOf(note: number, brightness: number, hammer: number): Controls {
  const controls = createControls(DEFAULT_SPEC);
  new ControlMap(DEFAULT_SPEC).apply(new Float64Array(noteOutputSize(DEFAULT_SPEC)), 440 * 2 ** ((note - 69) / 12), 3e-4, 0.7, controls);
  tone.apply(controls, note, brightness, hammer);
  return controls;
}

const decibels = (ratio: number): number => 20 * Math.log10(ratio);
const power = ({ partialCount, promptAmplitude: p, aftersoundAmplitude: a }: Controls): number =>
  p.slice(0, partialCount).reduce((sum, each, i) => sum + each ** 2 + a[i]! ** 2, 0);

/** Slope in dB per octave of what changed, by least squares over frequencies. */
function slope(frequencies: ArrayLike<number>, before: ArrayLike<number>, after: ArrayLike<number>): { slope: number; error: number } {
  const points = Array.from(frequencies, (f, i) => ({ x: Math.log2(f), y: decibels(after[i]! / before[i]!) }));
  const mean = (of: (point: { x: number; y: number }) => number): number => points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [mx, my] = [mean(({ x }) => x), mean(({ y }) => y)];
  const steep = mean(({ x, y }) => (x - mx) * (y - my)) / mean(({ x }) => (x - mx) ** 2);
  return { slope: steep, error: Math.max(...points.map(({ x, y }) => Math.abs(y - my - steep * (x - mx)))) };
}

describe('the tone of a strike', () => {
  it('is as recorded where nothing is set', () => {
    expect(controlsOf(60, 0, 0)).toEqual(controlsOf(60, 0, 0));
    const plain = createControls(DEFAULT_SPEC);
    new ControlMap(DEFAULT_SPEC).apply(new Float64Array(noteOutputSize(DEFAULT_SPEC)), 440 * 2 ** ((60 - 69) / 12), 3e-4, 0.7, plain);
    expect(controlsOf(60, 0, 0)).toEqual(plain);
  });

  it.each([[21, 3], [60, -2], [60, 1.5], [103, -3]])('of key %i is tilted by %f dB per octave, strings and noise alike', (note, brightness) => {
    const [plain, bright] = [controlsOf(note, 0, 0), controlsOf(note, brightness, 0)];
    const count = plain.partialCount;
    const { slope: strings, error } = slope(plain.frequency.slice(0, count), plain.promptAmplitude, bright.promptAmplitude);
    expect(strings).toBeCloseTo(brightness, 9);
    expect(error).toBeLessThan(1e-9);
    const centres = bands.map(({ centre }) => centre);
    for (const group of ['strikeAmplitude', 'bodyAmplitude'] as const) {
      expect(slope(centres, plain[group], bright[group]).slope).toBeCloseTo(brightness, 9);
    }
    // At one frequency, a string and the noise around it keep their balance.
    const offset = (at: number): number => at - brightness * Math.log2(plain.frequency[0]!);
    const string = decibels(bright.promptAmplitude[0]! / plain.promptAmplitude[0]!) - offset(brightness * Math.log2(plain.frequency[0]!));
    const noise = decibels(bright.bodyAmplitude[5]! / plain.bodyAmplitude[5]!) - offset(brightness * Math.log2(centres[5]!));
    expect(noise).toBeCloseTo(string, 9);
  });

  it.each([[-3, -1], [3, 1], [0, 1], [-1, 0.5]])('keeps the power of the strings at brightness %f and hammer %f', (brightness, hammer) => {
    for (const note of [21, 45, 60, 84, 108]) expect(decibels(Math.sqrt(power(controlsOf(note, brightness, hammer)) / power(controlsOf(note, 0, 0))))).toBeCloseTo(0, 9);
  });

  it('rises by 4 dB an octave far above the knee of a hard hammer, and hardly below it', () => {
    const [plain, hard] = [controlsOf(33, 0, 0), controlsOf(33, 0, 1)];
    const knee = hammerKnee(33);
    const gain = (i: number): number => decibels(hard.promptAmplitude[i]! / plain.promptAmplitude[i]!);
    const perOctave = (hertz: number): number => {
      const i = plain.frequency.findIndex((f) => f >= hertz);
      return (gain(i + 1) - gain(i)) / Math.log2(plain.frequency[i + 1]! / plain.frequency[i]!);
    };
    expect(perOctave(10 * knee)).toBeGreaterThan(3.9);
    expect(perOctave(10 * knee)).toBeLessThan(4.05);
    expect(perOctave(0.25 * knee)).toBeLessThan(1);
  });

  it('has 6 dB more knock with the hardest hammer, and 6 dB less with the softest, and the same body', () => {
    const [soft, plain, hard] = [-1, 0, 1].map((hammer) => controlsOf(60, 0, hammer)) as [Controls, Controls, Controls];
    for (const b of [0, 20, 79]) {
      expect(decibels(hard.strikeAmplitude[b]! / plain.strikeAmplitude[b]!)).toBeCloseTo(6, 9);
      expect(decibels(soft.strikeAmplitude[b]! / plain.strikeAmplitude[b]!)).toBeCloseTo(-6, 9);
    }
    // What the hammer takes of the treble it gives to the bass: the noise of the body follows neither.
    const bodies = [soft, hard].map(({ bodyAmplitude }) => decibels(bodyAmplitude[20]! / plain.bodyAmplitude[20]!));
    for (const body of bodies) expect(body).toBeCloseTo(0, 9);
  });

  it('has its knee where the hammer touches for 4 ms in the bass and 0.6 in the treble', () => {
    expect(hammerKnee(21)).toBeCloseTo(250, 6);
    expect(hammerKnee(108)).toBeCloseTo(1 / 0.0006, 6);
  });
});
