import { describe, expect, it } from 'vitest';
import { Random } from '../../model/random.ts';
import { playMidi } from '../../worklet/midi-message.ts';
import { MidiReceiver } from '../../worklet/midi-receiver.ts';
import { CEILING, OutputStage } from '../../worklet/engine/output-stage.ts';
import { RATE, SMALL_SPEC, peakOf, randomWeights, render, smallPiano } from './fixtures.ts';

const BLOCK = 128;

describe('the engine', () => {
  it('plays on through random MIDI bytes', () => {
    const engine = smallPiano();
    const receiver = new MidiReceiver(engine);
    const output = new OutputStage(RATE);
    const random = new Random(12);
    const block = new Float32Array(BLOCK);
    let peak = 0;
    for (let i = 0; i < 3000; i++) {
      for (let j = random.below(6); j > 0; j--) {
        const bytes = Array.from({ length: random.below(5) }, () => random.below(256));
        receiver.receive(bytes, random.chance(0.3) ? random.between(-1e5, 1e6) : undefined);
      }
      if (random.chance(0.01)) engine.panic();
      engine.render(block);
      output.process(block);
      expect(block.every((value) => Math.abs(value) <= CEILING)).toBe(true);
      peak = Math.max(peak, peakOf(block));
    }
    expect(peak).toBeGreaterThan(0.01);
    expect(engine.faults).toBe(0);
  });

  it.each([21, 22])('survives half a million messages, and no note is stuck after them (seed %i)', (seed) => {
    const engine = smallPiano();
    const output = new OutputStage(RATE);
    const random = new Random(seed);
    const block = new Float32Array(BLOCK);
    let frame = 0;
    let worst = 0;
    for (let sent = 0; sent < 500_000; ) {
      for (let burst = random.below(120); burst > 0; burst--, sent++) {
        const at = random.chance(0.8) ? frame + random.below(4 * BLOCK) : undefined;
        const kind = random.uniform();
        if (kind < 0.35) engine.noteOn(random.below(128), random.between(-0.1, 1.2), at);
        else if (kind < 0.7) engine.noteOff(random.below(128), at);
        else if (kind < 0.97) engine.control(random.below(130), random.between(-10, 140), at);
        else playMidi(engine, Array.from({ length: random.below(5) }, () => random.below(256)), undefined);
      }
      engine.render(block);
      output.process(block);
      worst = Math.max(worst, block.every(Number.isFinite) ? peakOf(block) : Infinity);
      frame += BLOCK;
    }
    expect(worst).toBeLessThanOrEqual(CEILING);
    expect(worst).toBeGreaterThan(0.01);
    render(engine, RATE);
    for (let note = 21; note <= 108; note++) engine.noteOff(note);
    engine.control(64, 0);
    render(engine, 20 * RATE);
    expect(engine.voices).toBe(0);
    expect(peakOf(render(engine, RATE))).toBe(0);
    expect(engine.faults).toBe(0);
  });

  it('plays on after 10,000 events at one instant, and releases what they struck', () => {
    const engine = smallPiano();
    const random = new Random(13);
    for (let i = 0; i < 10000; i++) {
      const note = 21 + random.below(88);
      if (random.chance(0.6)) engine.noteOn(note, random.uniform(), 1000);
      else if (random.chance(0.5)) engine.noteOff(note, 1000);
      else engine.control(64, random.below(128), 1000);
    }
    for (let note = 21; note <= 108; note++) engine.noteOff(note, 1000);
    engine.control(64, 0, 1000);
    const out = render(engine, 96000);
    expect(out.every(Number.isFinite)).toBe(true);
    expect(peakOf(out)).toBeGreaterThan(0.01);
    render(engine, 20 * 48000);
    expect(engine.voices).toBe(0);
    expect(engine.faults).toBe(0);
  });

  it('starts anew from silence where weights give what is no number', () => {
    const weights = randomWeights(SMALL_SPEC, 1);
    const head = weights.tensors.get('wavenet.head.bias')!;
    head[0] = NaN;
    const engine = smallPiano({ weights });
    engine.noteOn(60, 0.9);
    const out = render(engine, 4800);
    expect(out.every(Number.isFinite)).toBe(true);
    expect(engine.faults).toBeGreaterThan(0);
  });

  it('never exceeds full scale, however many play at full force', () => {
    const engine = smallPiano();
    for (let i = 0; i < 64; i++) engine.noteOn(21 + i, 1);
    const out = render(engine, RATE);
    new OutputStage(RATE).process(out);
    expect(peakOf(out)).toBeLessThanOrEqual(CEILING);
  });

  it('refuses rates that it cannot play', () => {
    for (const sampleRate of [8000, 192000, NaN]) expect(() => smallPiano({ sampleRate })).toThrow(RangeError);
  });
});

