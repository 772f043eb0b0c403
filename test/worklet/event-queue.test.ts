import { describe, expect, it } from 'vitest';
import { Random } from '../../model/random.ts';
import { CONTROL, EventQueue, NOTE_OFF, NOTE_ON } from '../../worklet/engine/event-queue.ts';

const SUSTAIN = 64;

function drain(queue: EventQueue): [sample: number, kind: number, number: number, value: number][] {
  const events: [number, number, number, number][] = [];
  for (; queue.length > 0; queue.shift()) events.push([queue.sample, queue.kind, queue.number, queue.value]);
  return events;
}

describe('the event queue', () => {
  it('hands events out by sample, and those of one sample in the order in which they came', () => {
    const queue = new EventQueue(300);
    const random = new Random(1);
    const events = Array.from({ length: 300 }, (_, i) => ({ sample: random.below(20), value: i }));
    for (const { sample, value } of events) expect(queue.push(sample, NOTE_ON, 60, value)).toBe(true);
    const expected = [...events].sort((a, b) => a.sample - b.sample || a.value - b.value);
    expect(drain(queue).map(([sample, , , value]) => ({ sample, value }))).toEqual(expected);
  });

  it('has no first sample when it is empty', () => {
    expect(new EventQueue(4).sample).toBe(Infinity);
  });

  it('refuses note-ons when it is full, and takes them again later', () => {
    const queue = new EventQueue(8);
    for (let i = 0; i < 8; i++) expect(queue.push(i, NOTE_ON, 60, 1)).toBe(true);
    expect(queue.push(9, NOTE_ON, 61, 1)).toBe(false);
    queue.shift();
    expect(queue.push(9, NOTE_ON, 62, 1)).toBe(true);
    expect(drain(queue).at(-1)).toEqual([9, NOTE_ON, 62, 1]);
  });

  it('never loses a note-off: the last note-on gives way', () => {
    const queue = new EventQueue(8);
    for (let i = 0; i < 8; i++) queue.push(i, NOTE_ON, 60 + i, 1);
    for (let i = 0; i < 8; i++) expect(queue.push(20 + i, NOTE_OFF, 60 + i, 0)).toBe(true);
    expect(drain(queue).map(([, kind]) => kind)).toEqual(Array<number>(8).fill(NOTE_OFF));
  });

  it('merges a flood of controllers, and keeps where the pedal was lowest and where it ended', () => {
    const queue = new EventQueue(64);
    const random = new Random(2);
    const values = Array.from({ length: 5000 }, (_, i) => (i === 3000 ? 0 : 1 + random.below(126)));
    values.forEach((value, i) => expect(queue.push(i, CONTROL, SUSTAIN, value)).toBe(true));
    const kept = drain(queue).map(([, , , value]) => value);
    expect(kept).toContain(0);
    expect(kept.at(-1)).toBe(values.at(-1));
  });

  it('keeps note-offs and pedal-ups through a random flood', () => {
    const queue = new EventQueue(1024);
    const random = new Random(3);
    for (let i = 0; i < 20000; i++) {
      if (random.chance(0.5)) queue.push(i, NOTE_ON, 21 + random.below(88), 0.5);
      else queue.push(i, CONTROL, SUSTAIN, random.below(128));
    }
    for (let note = 21; note <= 108; note++) expect(queue.push(30000, NOTE_OFF, note, 0)).toBe(true);
    expect(queue.push(30000, CONTROL, SUSTAIN, 0)).toBe(true);
    const last = drain(queue).slice(-89);
    expect(last.filter(([, kind]) => kind === NOTE_OFF)).toHaveLength(88);
    expect(last.at(-1)).toEqual([30000, CONTROL, SUSTAIN, 0]);
  });

  it('makes room for a piece that is sent ahead, and keeps its pedalling', () => {
    const queue = new EventQueue(65_536);
    const piece = Array.from({ length: 5000 }, (_, i) => [
      [100 * i, NOTE_ON, 21 + (i % 88), 0.5],
      [100 * i + 20, CONTROL, SUSTAIN, 127],
      [100 * i + 60, NOTE_OFF, 21 + (i % 88), 0],
      [100 * i + 80, CONTROL, SUSTAIN, 0],
    ] as const).flat();
    for (const [sample, kind, number, value] of piece) expect(queue.push(sample, kind, number, value)).toBe(true);
    expect(queue.refused).toBe(0);
    expect(drain(queue)).toEqual(piece);
  });

  it('makes no room for a flood at one instant, and counts what it lost', () => {
    const queue = new EventQueue(65_536);
    let taken = 0;
    for (let i = 0; i < 5000; i++) if (queue.push(7, NOTE_ON, 21 + (i % 88), 0.5)) taken++;
    expect(taken).toBeLessThan(5000);
    expect(queue.length).toBe(taken);
    expect(queue.refused).toBe(5000 - taken);
  });
});
