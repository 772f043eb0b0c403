import { expect, it } from 'vitest';
import { FIRST_NOTE, NOTE_COUNT, type Spec } from '../../model/spec.ts';
import { Ensemble } from '../../worklet/engine/ensemble.ts';
import { Kernel } from '../../worklet/engine/kernel.ts';
import { Layout } from '../../worklet/engine/layout.ts';
import { SMALL_SPEC, generatorWeights, kernelBuilds, randomTimbre } from './fixtures.ts';

const spec: Spec = {
  ...SMALL_SPEC,
  waveNet: { ...SMALL_SPEC.waveNet, fold: 1, channels: 8 },
  generator: { makes: 'autoregressive', divisor: 2, components: 1, colour: 0 },
};
const { decaySeconds } = spec.waveNet;

it('a decoder is told of each key its velocities, under each decay since the very sample of the strike', () => {
  const layout = new Layout();
  const ensemble = new Ensemble(layout, spec, 1);
  const style = randomTimbre(spec, 2);
  ensemble.load(new Kernel(kernelBuilds()[0]!.module, layout), generatorWeights(spec, 1).tensors);
  ensemble.setTimbre(style);
  ensemble.reset();
  // Tick, offset in it, key and velocity; one key is struck twice.
  const strikes = [[0, 0, 60, 0.6], [3, 17, 60, 0.3], [5, 9, 88, 0.9]] as const;
  const out = new Float32Array(spec.style.size + NOTE_COUNT * decaySeconds.length);
  for (let tick = 0; tick < 40; tick++) {
    ensemble.beginTick(tick * spec.tick);
    for (const [at, offset, note, velocity] of strikes) if (at === tick) ensemble.strike(note, velocity, offset);
    ensemble.endTick();
  }
  ensemble.heard.writeKeys(out);
  const expected = new Float64Array(out.length);
  expected.set(Array.from(style.embedding));
  for (const [at, offset, note, velocity] of strikes) {
    const age = (40 * spec.tick - (at * spec.tick + offset)) / spec.sampleRate;
    decaySeconds.forEach((seconds, d) => (expected[spec.style.size + (note - FIRST_NOTE) * decaySeconds.length + d]! += velocity * Math.exp(-age / seconds)));
  }
  out.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));
  expect(ensemble.heard.noisePowers.some((power) => power > 0)).toBe(true);
});
