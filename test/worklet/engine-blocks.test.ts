import { describe, expect, it } from 'vitest';
import { Random } from '../../model/random.ts';
import type { Engine } from '../../worklet/engine/engine.ts';
import { kernelBuilds, peakOf, render, smallPiano } from './fixtures.ts';

const FRAMES = 24000;

function play(engine: Engine): void {
  const random = new Random(8);
  for (let i = 0; i < 60; i++) {
    const note = 21 + random.below(88);
    const frame = random.below(FRAMES);
    engine.noteOn(note, random.uniform(), frame);
    engine.noteOff(note, frame + random.below(6000));
    if (i % 3 === 0) engine.control(64, random.below(128), random.below(FRAMES));
  }
}

function inBlocks(engine: Engine, size: number): Float32Array {
  const out = new Float32Array(FRAMES);
  for (let frame = 0; frame < FRAMES; frame += size) engine.render(out.subarray(frame, Math.min(FRAMES, frame + size)));
  return out;
}

describe.each(kernelBuilds())('blocks of any size, $name SIMD', ({ module }) => {
  it.each([48000, 44100])('give the same samples at %i Hz, bit for bit', (sampleRate) => {
    const [whole, ...others] = [FRAMES, 1, 7, 64, 128, 1000].map((size) => {
      const engine = smallPiano({ module, sampleRate });
      play(engine);
      return inBlocks(engine, size);
    });
    expect(peakOf(whole!)).toBeGreaterThan(0.01);
    for (const other of others) expect(other).toEqual(whole);
  });

  it('give the same samples again after a reset', () => {
    const engine = smallPiano({ module });
    play(engine);
    const first = render(engine, FRAMES);
    engine.reset();
    play(engine);
    expect(render(engine, FRAMES)).toEqual(first);
  });
});
