import { describe, expect, it } from 'vitest';
import { FIRST_NOTE, type Generated, type Spec } from '../../model/spec.ts';
import { parseWeights, serialiseWeights, type Weights } from '../../model/weights.ts';
import { Engine, type EngineOptions } from '../../worklet/engine/engine.ts';
import { RATE, SMALL_SPEC, distance, generatorWeights, kernelBuilds, peakOf, randomTimbre, render, rms } from './fixtures.ts';

const FRAMES = RATE;

function specOf(makes: Generated): Spec {
  return {
    ...SMALL_SPEC,
    waveNet: { ...SMALL_SPEC.waveNet, fold: 1, channels: 8, dilations: [1, 2, 4, 8, 16] },
    generator: { makes, divisor: 2, components: 2, colour: makes === 'residual' ? 12 : 0 },
  };
}

const weightsOf = (makes: Generated): Weights => generatorWeights(specOf(makes), 3);

function piano(makes: Generated, options: Partial<EngineOptions> = {}): Engine {
  return new Engine({ module: kernelBuilds()[0]!.module, weights: weightsOf(makes), style: randomTimbre(SMALL_SPEC, 2), sampleRate: RATE, resonance: 0, ...options });
}

function played(engine: Engine, prepare: (engine: Engine) => void = () => undefined): Float32Array {
  prepare(engine);
  engine.noteOn(60, 0.8, 100);
  engine.noteOn(67, 0.6, 5000);
  return render(engine, FRAMES);
}

describe.each<Generated>(['residual', 'autoregressive'])('an engine whose decoder makes %s', (makes) => {
  it('plays the same after a reset, and in blocks of any size', () => {
    const engine = piano(makes);
    const whole = played(engine);
    expect(rms(whole, 100, FRAMES)).toBeGreaterThan(1e-3);
    expect(engine.faults).toBe(0);
    engine.reset();
    engine.noteOn(60, 0.8, 100);
    engine.noteOn(67, 0.6, 5000);
    const parts = new Float32Array(FRAMES);
    for (let at = 0, i = 0; at < FRAMES; i++) {
      const size = Math.min(FRAMES - at, [128, 1, 77, 500][i % 4]!);
      const block = new Float32Array(size);
      engine.render(block);
      parts.set(block, at);
      at += size;
    }
    expect(distance(parts, whole)).toBe(0);
  });

  it('is as loud as strings and noise are, to some decibels', () => {
    const spectral = played(piano(makes), (engine) => engine.setWaveNet(false));
    const decibels = 20 * Math.log10(rms(played(piano(makes)), 200, FRAMES) / rms(spectral, 200, FRAMES));
    expect(Math.abs(decibels)).toBeLessThan(4);
  });

  it('is silent before the first strike, and again when all has died away', () => {
    const engine = piano(makes);
    engine.noteOn(100, 0.5, 1000);
    const sound = render(engine, 2 * RATE);
    expect(peakOf(sound, 0, 1000)).toBe(0);
    engine.noteOff(100, 2 * RATE);
    for (let second = 0; second < 20; second++) render(engine, RATE);
    expect(peakOf(render(engine, RATE))).toBe(0);
  });

  it('reads its weights from a file, and refuses one whose parts do not fit', () => {
    const weights = weightsOf(makes);
    const read = parseWeights(serialiseWeights(weights), 'piano.safetensors');
    expect(read.spec).toEqual(weights.spec);
    expect(distance(played(piano(makes, { weights: read })), played(piano(makes)))).toBe(0);
    const folded = { ...weights.spec, waveNet: { ...weights.spec.waveNet, fold: 2 } };
    expect(() => parseWeights(serialiseWeights({ ...weights, spec: folded }), 'piano.safetensors')).toThrow('piano.safetensors: spec: waveNet.fold: a generator makes one sample a row');
  });
});

describe('an engine that draws what the strings leave', () => {
  it('keeps the strings as they are', () => {
    const [one, other] = [1, 2].map((seed) => played(piano('residual', { seed })));
    // What differs between two draws is what is drawn: far less than all.
    expect(rms(one!.map((x, n) => x - other![n]!), 0, FRAMES)).toBeLessThan(0.7 * rms(one!, 0, FRAMES));
  });

  it('is calmer at a lower temperature', () => {
    const strings = played(piano('residual', { temperature: 0 }));
    const apart = (temperature: number): number => distance(played(piano('residual', { temperature })), strings);
    expect(apart(0.3)).toBeLessThan(0.7 * apart(1));
  });
});

describe('an engine that draws all of the sound', () => {
  it('has no strings in it, in the middle or at the sides', () => {
    const engine = piano('autoregressive', { temperature: 0 });
    const [middle, side] = [new Float32Array(FRAMES), new Float32Array(FRAMES)];
    engine.noteOn(FIRST_NOTE, 0.9, 0);
    engine.render(middle, FRAMES, side);
    expect(peakOf(side)).toBe(0);
    // At no temperature the weights of this test draw next to nothing.
    const loud = piano('autoregressive');
    loud.noteOn(FIRST_NOTE, 0.9, 0);
    expect(rms(middle, 0, FRAMES)).toBeLessThan(0.5 * rms(render(loud, FRAMES), 0, FRAMES));
  });
});
