import { describe, expect, it } from 'vitest';
import { CACHE_FORMAT, CorpusCache, type CachedNote } from '../../model/corpus/cache.ts';
import { measurePhases } from '../../model/corpus/partial-phases.ts';
import { MODE_NUMBERS, applyModes } from '../../model/key-modes.ts';
import { Random } from '../../model/random.ts';
import { noiseSignals } from '../../model/reference/noise.ts';
import { addStrings, noisePower } from '../../model/reference/voice.ts';
import { FIRST_NOTE, type Spec } from '../../model/spec.ts';
import type { ModeChange } from '../../model/train/modes/fit-modes.ts';
import { Frames } from '../../model/train/modes/frames.ts';
import { measureModes } from '../../model/train/modes/measure-bank.ts';
import { measureKey } from '../../model/train/modes/measure-key.ts';
import { bandDensities, networkControls, powerBeside } from '../../model/train/modes/modelled-strike.ts';
import { placeModes } from '../../model/train/modes/place-modes.ts';
import { parseStyle, serialiseStyle } from '../../model/style.ts';
import { startPhases, typicalTuning } from '../../model/tuning.ts';
import { plainStyle } from '../model/files.ts';
import { SMALL_SPEC, randomFlat, randomStyle, referenceModel } from './small-model.ts';

const RATE = 48000;
const ONSET = 240;
const LEAD = 48;
const spec: Spec = { ...SMALL_SPEC, strings: { ...SMALL_SPEC.strings, partials: 8 } };

describe('frames', () => {
  const frames = new Frames(220, RATE);

  it('know the power of a sine, wherever it lies between two bins', () => {
    for (const frequency of [880, 883.1, 887.7]) {
      const sine = Float64Array.from({ length: RATE }, (_, n) => 0.3 * Math.sin((2 * Math.PI * frequency * n) / RATE + 1));
      const [spectrum] = frames.spectra(sine, 0);
      expect(10 * Math.log10(frames.power(spectrum!, frames.bin(frequency)) / 0.09)).toBeCloseTo(0, 1);
    }
  });

  it('know what a mode that falls fast has more in them than in their middle', () => {
    for (const rate of [0.5, 8, 40]) {
      const tone = Float64Array.from({ length: RATE }, (_, n) => Math.exp((-rate * n) / RATE) * Math.sin((2 * Math.PI * 1000 * n) / RATE));
      const [spectrum] = frames.spectra(tone, 0);
      const { re, im } = frames.phasor(spectrum!, frames.bin(1000), 0, 1000);
      const still = frames.spectra(Float64Array.from({ length: RATE }, (_, n) => Math.sin((2 * Math.PI * 1000 * n) / RATE)), 0)[0]!;
      const one = frames.phasor(still, frames.bin(1000), 0, 1000);
      expect(Math.hypot(re, im) / Math.hypot(one.re, one.im)).toBeCloseTo(frames.lift(rate) * Math.exp(-rate * frames.time(0)), 2);
    }
  });

  it('expect the noise that the reference makes', () => {
    const model = referenceModel(spec, randomFlat(spec, 2));
    const style = randomStyle(spec, 3);
    const controls = networkControls(spec, model.tensors, style, 57, 0.7);
    controls.knockAmplitude = 0;
    const centres = [500, 1500, 4000].map((frequency) => frames.bin(frequency));
    const expected = powerBeside(spec, model.tensors, frames, controls, bandDensities(spec, centres.map((bin) => frames.frequency(bin))), centres, 8);
    const bands = noiseSignals(spec, 5, 30 * RATE);
    centres.forEach((centre, c) => {
      // Many strikes one after the other: one alone is off by chance.
      const mean = new Float64Array(8);
      for (let strike = 0; strike < 60; strike++) {
        const sound = Float64Array.from({ length: 0.5 * RATE }, (_, n) => bands.reduce((sum, band, b) => sum + Math.sqrt(noisePower(controls, b, n / RATE)) * band[strike * 0.5 * RATE + n]!, 0));
        frames.spectra(sound, 0).slice(0, 8).forEach((spectrum, n) => (mean[n]! += frames.power(spectrum, centre) / 60));
      }
      const off = Array.from(mean, (power, n) => 10 * Math.log10(power / expected[c]![n]!));
      expect(Math.abs(off.reduce((sum, x) => sum + x, 0) / off.length)).toBeLessThan(1);
      for (const x of off) expect(Math.abs(x)).toBeLessThan(2);
    });
  }, 60_000);
});

describe('two modes in place of three strings', () => {
  const random = new Random(4);
  /** Offset in Hz, amplitude, rate in 1/s and phase. */
  type Mode = readonly [offset: number, amplitude: number, rate: number, phase: number];

  const at = (modes: readonly Mode[], time: number): { re: number; im: number } =>
    modes.reduce(
      ({ re, im }, [offset, amplitude, rate, phase]) => {
        const [size, angle] = [amplitude * Math.exp(-rate * time), 2 * Math.PI * offset * time + phase];
        return { re: re + size * Math.cos(angle), im: im + size * Math.sin(angle) };
      },
      { re: 0, im: 0 },
    );

  /** Hz at which most is heard between 0.03 and 1.03 s, under a Hann window. */
  function peakOf(modes: readonly Mode[]): number {
    const powers = Array.from({ length: 401 }, (_, i) => {
      const frequency = (i - 200) / 40;
      let [re, im] = [0, 0];
      for (let n = 0; n < 200; n++) {
        const time = 0.03 + n / 200;
        const [now, angle, window] = [at(modes, time), -2 * Math.PI * frequency * time, 1 - Math.cos((2 * Math.PI * n) / 200)];
        re += window * (now.re * Math.cos(angle) - now.im * Math.sin(angle));
        im += window * (now.re * Math.sin(angle) + now.im * Math.cos(angle));
      }
      return re * re + im * im;
    });
    return (powers.indexOf(Math.max(...powers)) - 200) / 40;
  }

  /** Hz between what is loudest of three strings and of the two modes of another beat that are placed on them. */
  function off(): number {
    const turn = (): number => random.between(-Math.PI, Math.PI);
    const network = { prompt: 1, aftersound: random.between(0.03, 0.3), promptRate: random.between(6, 14), aftersoundRate: random.between(0.4, 1.2) };
    const strings: Mode[] = [
      [0, 1, network.promptRate, turn()],
      [random.between(-0.5, 0.5), network.aftersound, network.aftersoundRate, turn()],
      [random.between(-0.8, 0.8), network.aftersound * random.between(0.2, 0.6), random.between(0.4, 1.2), turn()],
    ];
    const frames = Array.from({ length: 40 }, (_, n) => {
      const time = 0.0425 + 0.04 * n;
      return { ...network, weight: 1, window: { lift: () => 1 }, time, level: 0, beside: 0, phasor: at(strings, time) };
    });
    const change: ModeChange = { beat: random.between(1.5, 4), lead: turn(), level: 0, aftersound: 0, promptRate: 0, aftersoundRate: 0 };
    const { offset, side } = placeModes([frames], change, 4);
    const half = (side * change.beat) / 2;
    return peakOf([[offset - half, 1, network.promptRate, 0], [offset + half, network.aftersound, network.aftersoundRate, side * change.lead]]) - peakOf(strings);
  }

  it('are placed so that what is loudest in a second keeps its pitch, within 2 cents at A5', () => {
    const wrong = Array.from({ length: 100 }, off).filter((hertz) => Math.abs(hertz) > 1).length;
    expect(wrong).toBeLessThan(5);
  });
});

describe('a key measured in its strikes', () => {
  const note = 57;
  const model = referenceModel(spec, randomFlat(spec, 2));
  const tuning = typicalTuning();
  const { embedding } = randomStyle(spec, 3);
  const random = new Random(9);
  const between = (least: number, most: number): number => Math.round(random.between(least, most));
  // Beats of 0.8 to 1.4 Hz, half of them with the aftersound below.
  const truth = Array.from({ length: spec.strings.partials }, (_, k) => [between(-15, 15), (k % 2 ? -1 : 1) * between(40, 70), between(-30, 30), between(-30, 30), between(-30, 30), between(-20, 20), between(-20, 20)]);
  const phases = truth.map(() => between(0, 63));
  const piano = { embedding, tuning: { ...tuning, phases: tuning.cents.map((_, key) => (key === note - FIRST_NOTE ? phases : [])) } };

  /** A strike whose partials are as `truth` says, in a little noise. */
  function strike(velocity: number): { velocity: number; audio: Float32Array; onset: number } {
    const controls = networkControls(spec, model.tensors, piano, note, velocity);
    startPhases(piano.tuning, note, controls.phase);
    applyModes(controls, [1, ...truth.flat()]);
    const sound = new Float64Array(3 * RATE);
    const start = ONSET - LEAD;
    addStrings(spec, { start, controls, damper: new Float64Array(sound.length).fill(1) }, sound);
    return { velocity, audio: Float32Array.from(sound, (x) => x + 1e-6 * random.normal()), onset: ONSET };
  }

  const style = plainStyle({ model: spec.id });
  const strikes = [0.5, 0.7, 0.9].map(strike);
  const clips = strikes.map(({ audio }) => ({ note, audio }));
  const found = measureKey(spec, model.tensors, { ...piano, tuning: { ...tuning, phases: measurePhases(clips, tuning) } }, note, strikes);
  const modes = truth.map((_, k) => found.modes.slice(1 + k * MODE_NUMBERS.length, 1 + (k + 1) * MODE_NUMBERS.length));

  it('plays what was recorded, wave by wave, at a velocity that it was not measured at', () => {
    const recorded = strike(0.6).audio;
    const controls = networkControls(spec, model.tensors, piano, note, 0.6);
    const played = (rows: number[], starts: readonly (readonly number[])[]): { likeness: number; level: number } => {
      const own = { ...controls, ...Object.fromEntries(Object.entries(controls).map(([name, value]) => [name, value instanceof Float64Array ? value.slice() : value])) };
      startPhases({ phases: starts }, note, own.phase);
      applyModes(own, rows);
      const sound = new Float64Array(recorded.length);
      addStrings(spec, { start: ONSET - LEAD, controls: own, damper: new Float64Array(sound.length).fill(1) }, sound);
      let [ab, aa, bb] = [0, 0, 0];
      for (let n = 0; n < RATE; n++) {
        ab += sound[n]! * recorded[n]!;
        aa += sound[n]! ** 2;
        bb += recorded[n]! ** 2;
      }
      return { likeness: ab / Math.sqrt(aa * bb), level: 10 * Math.log10(aa / bb) };
    };
    const measured = piano.tuning.phases.map((row, key) => (key === note - FIRST_NOTE ? found.phases : row));
    const { likeness, level } = played(found.modes, measured);
    expect(likeness).toBeGreaterThan(0.97);
    expect(Math.abs(level)).toBeLessThan(0.3);
    expect(played([], measurePhases(clips, tuning)).likeness).toBeLessThan(0.9);
  });

  it('has the pitches and beats that the strings have, on the side on which they lie, within a tenth of a hertz', () => {
    modes.forEach(([offset, beat], k) => {
      expect(Math.abs(offset! - truth[k]![0]!)).toBeLessThan(5);
      expect(Math.abs(beat! - truth[k]![1]!)).toBeLessThan(5);
    });
  });

  it('has the phases with which they start', () => {
    found.phases.slice(0, truth.length).forEach((phase, k) => expect(Math.abs(((phase - phases[k]! + 96) % 64) - 32)).toBeLessThan(4));
  });

  it('is measured for each trained key of a bank, whose levels are set anew', async () => {
    const at = (index: number): number => strikes.slice(0, index).reduce((sum, { audio }) => sum + audio.length, 0);
    const peak = 0.2;
    const samples = Int16Array.from(strikes.flatMap(({ audio }) => Array.from(audio, (x) => Math.round((32767 * x) / peak))));
    const noteOf = (index: number, key: number, trained: boolean): CachedNote => ({ bank: 0, note: key, layer: 1, velocity: strikes[index]!.velocity, trained, gain: 0, onsetSeconds: 0, offset: at(index), samples: strikes[index]!.audio.length, scale: peak / 32767 });
    const { id, name, kind, licence, credit, source } = style;
    const bank = { id, name, kind, licence, credit, source, tuning: { ...tuning, phases: measurePhases(clips, tuning) } };
    const cache = new CorpusCache({ format: CACHE_FORMAT, sampleRate: RATE, onset: ONSET, banks: [bank], notes: [noteOf(0, note, true), noteOf(1, note, true), noteOf(2, note, true), noteOf(2, note + 5, false)] }, samples);
    const shares: number[] = [];
    const measured = await measureModes({ spec, tensors: model.tensors as Map<string, Float32Array> }, cache, 0, { ...style, embedding }, (share) => shares.push(share));
    expect(measured.modes!.map((row, key) => (row.length > 0 ? key + FIRST_NOTE : 0)).filter(Boolean)).toEqual([note]);
    measured.modes![note - FIRST_NOTE]!.forEach((value, i) => expect(Math.abs(value - found.modes[i]!)).toBeLessThanOrEqual(2));
    expect(parseStyle(serialiseStyle(measured), 'measured.json').modes).toEqual(measured.modes);
    expect(measured.levels).toHaveLength(88);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
  });

  it('says nothing of a key without strikes', () => {
    expect(measureKey(spec, model.tensors, piano, note + 1, [])).toEqual({ modes: [], phases: [] });
  });
});
