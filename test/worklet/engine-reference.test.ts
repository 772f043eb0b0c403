import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../model/random.ts';
import { renderReference, type ReferenceEvent } from '../../model/reference/render.ts';
import type { Spec } from '../../model/spec.ts';
import type { Engine } from '../../worklet/engine/engine.ts';
import { RATE, SMALL_SPEC, distance, kernelBuilds, peakOf, randomModes, randomTimbre, randomWeights, render, smallPiano } from './fixtures.ts';

const SECONDS = 5;
const LENGTH = SECONDS * RATE;
const SEED = 7;
/** The reference computes every sample of every stage: it needs half a minute even for this. */
const REFERENCE_MILLISECONDS = 300_000;
const SPEC: Spec = {
  ...SMALL_SPEC,
  strings: { ...SMALL_SPEC.strings, partials: 8 },
  noise: { bands: 34 },
  waveNet: { ...SMALL_SPEC.waveNet, channels: 8, dilations: [1, 2, 4, 8] },
};

/** Thirty strikes all over the keyboard with releases, and pedals that move through all their positions. */
function performance(): ReferenceEvent[] {
  const random = new Random(4);
  // Half of the events fall on the very first sample of a tick.
  const sample = (from: number, to: number): number => {
    const n = from + random.below(to - from);
    return random.chance(0.5) ? n : Math.ceil(n / SPEC.tick) * SPEC.tick;
  };
  const events: ReferenceEvent[] = [];
  for (let i = 0; i < 30; i++) {
    const note = 21 + random.below(88);
    const start = sample(0, LENGTH - RATE);
    events.push({ type: 'noteOn', note, velocity: random.between(0.5, 1), sample: start });
    events.push({ type: 'noteOff', note, sample: sample(start + 1000, start + 2 * RATE) });
  }
  for (let i = 0; i < 20; i++) events.push({ type: 'sustain', value: random.below(128) / 127, sample: sample(0, LENGTH) });
  for (let i = 0; i < 12; i++) events.push({ type: 'sostenuto', down: random.chance(0.6), sample: sample(0, LENGTH) });
  for (let i = 0; i < 10; i++) events.push({ type: 'soft', value: random.below(128) / 127, sample: sample(0, LENGTH) });
  return events.sort((a, b) => a.sample - b.sample);
}

function send(engine: Engine, event: ReferenceEvent): void {
  if (event.type === 'noteOn') engine.noteOn(event.note, event.velocity, event.sample);
  else if (event.type === 'noteOff') engine.noteOff(event.note, event.sample);
  else if (event.type === 'sostenuto') engine.control(66, event.down ? 127 : 0, event.sample);
  else engine.control(event.type === 'soft' ? 67 : 64, event.value * 127, event.sample);
}

describe('the engine in five seconds of dense polyphony with pedal', () => {
  const weights = randomWeights(SPEC, 1);
  weights.tensors.get('wavenet.gain.bias')!.fill(0);
  const style = { ...randomTimbre(SPEC, 2), modes: randomModes(3) };
  const events = performance();
  let expected: Float64Array;
  let withoutWaveNet: Float64Array;

  beforeAll(() => {
    const { embedding, keys, levels, voicing, tuning, modes } = style;
    const reference = renderReference(weights, { embedding: Array.from(embedding), keys: keys!.map((key) => Array.from(key)), levels: Array.from(levels!), voicing: voicing!, tuning, modes }, events, { length: LENGTH, seed: SEED });
    expected = reference.output;
    withoutWaveNet = reference.strings.map((value, n) => value + reference.knocks[n]! + reference.noise[n]!);
  }, REFERENCE_MILLISECONDS);

  it.each(kernelBuilds())('agrees with the float64 reference within 1e-4 of the peak, $name SIMD', ({ module }) => {
    const engine = smallPiano({ module, weights, style, seed: SEED, resonance: 0 });
    engine.setMechanics(false);
    for (const event of events) send(engine, event);
    const out = render(engine, LENGTH);
    const peak = peakOf(expected);
    expect(peak).toBeLessThan(0.98);
    expect(distance(expected, withoutWaveNet)).toBeGreaterThan(0.05 * peak);
    expect(distance(out, expected)).toBeLessThan(1e-4 * peak);
    expect(engine.faults).toBe(0);
  });

  it('agrees without the WaveNet too', () => {
    const engine = smallPiano({ weights, style, seed: SEED, resonance: 0 });
    engine.setMechanics(false);
    engine.setWaveNet(false);
    for (const event of events) send(engine, event);
    expect(distance(render(engine, LENGTH), withoutWaveNet)).toBeLessThan(1e-4 * peakOf(withoutWaveNet));
  });
});
