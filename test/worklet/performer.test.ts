import { describe, expect, it } from 'vitest';
import { Performer, type Instrument } from '../../worklet/engine/performer.ts';
import type { Performance, PerformanceEvent } from '../../model/performance.ts';

/** Writes down what it is asked to play, and sounds at full scale. */
class Notebook implements Instrument {
  readonly lines: string[] = [];
  frames = 0;
  /** Events since the last sound. */
  most = 0;
  #since = 0;

  noteOn(note: number, velocity: number, frame: number): void {
    this.#write(`on ${note} ${velocity} at ${frame}`);
  }

  noteOff(note: number, frame: number): void {
    this.#write(`off ${note} at ${frame}`);
  }

  control(controller: number, value: number, frame: number): void {
    this.#write(`control ${controller} ${value} at ${frame}`);
  }

  bend(cents: number, note: number | undefined, frame: number): void {
    this.#write(`bend ${note ?? 'all'} ${cents} at ${frame}`);
  }

  render(left: Float32Array, right: Float32Array): void {
    left.fill(1);
    right.fill(-1);
    this.frames += left.length;
    this.#since = 0;
  }

  #write(line: string): void {
    this.lines.push(line);
    this.most = Math.max(this.most, ++this.#since);
  }
}

const performance = (events: readonly PerformanceEvent[]): Performance => ({ name: 'a', seconds: events[events.length - 1]!.seconds, events });

const performer = (instrument: Instrument, played: Performance, rate: number, tail: number): Performer =>
  new Performer(instrument, played, rate, Performer.frames(played, rate, tail));

function playAll(performer: Performer, block: number): Float32Array {
  const parts: number[] = [];
  while (!performer.finished) parts.push(...performer.render(new Float32Array(block), new Float32Array(block))[0]);
  return Float32Array.from(parts);
}

describe('Performer', () => {
  const events: PerformanceEvent[] = [
    { seconds: 0, type: 'control', controller: 64, value: 127 },
    { seconds: 0.0125, type: 'noteOn', note: 60, velocity: 0.5 },
    { seconds: 0.5, type: 'noteOff', note: 60 },
  ];

  it('sends every event once, at its frame, and renders to the end of the tail', () => {
    const notebook = new Notebook();
    const player = performer(notebook, performance(events), 1000, 0.25);
    const sound = playAll(player, 99);
    expect(notebook.lines).toEqual(['control 64 127 at 0', 'on 60 0.5 at 13', 'off 60 at 500']);
    expect([sound.length, notebook.frames, player.played, player.peak]).toEqual([750, 750, 750, 1]);
    expect(player.realTimeFactor).toBeGreaterThan(0);
  });

  it('fades out at the end of the tail, whatever the blocks', () => {
    const wide = playAll(performer(new Notebook(), performance(events), 1000, 0.25), 1000);
    const narrow = playAll(performer(new Notebook(), performance(events), 1000, 0.25), 7);
    expect(narrow).toEqual(wide);
    expect(wide[699]).toBe(1);
    expect(wide[725]).toBeCloseTo(0.5, 6);
    expect(wide[749]).toBeCloseTo(0.02, 6);
  });

  it('holds back events that would overflow the queue, and loses none', () => {
    const crowd = Array.from({ length: 10000 }, (_, i): PerformanceEvent => ({ seconds: 0, type: 'noteOn', note: 21 + (i % 88), velocity: 1 }));
    const notebook = new Notebook();
    playAll(performer(notebook, performance(crowd), 48000, 5), 4800);
    expect(notebook.lines.length).toBe(10000);
    expect(notebook.most).toBeLessThanOrEqual(512);
  });
});
