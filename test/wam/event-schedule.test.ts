import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { WamEvent } from '@webaudiomodules/api';
import { EventSchedule } from '../../ui/wam/event-schedule.ts';

const event = (n: number): WamEvent => ({ type: 'wam-midi', data: { bytes: [0x90, n % 128, 100] } });

/** What is to be done: a push at a frame, or everything up to a frame. */
const steps = fc.array(fc.record({ play: fc.boolean(), frame: fc.integer({ min: 0, max: 40 }) }), { maxLength: 120 });

test('events come out in the order of their frames, those of one frame as they came, however many there are', () => {
  fc.assert(
    fc.property(steps, (todo) => {
      // Room for a few, so that it has to be made.
      const schedule = new EventSchedule(4);
      const waiting: { frame: number; id: number; event: WamEvent }[] = [];
      todo.forEach(({ play, frame }, id) => {
        if (!play) {
          const one = event(id);
          schedule.push(frame, id, one);
          waiting.push({ frame, id, event: one });
        }
        for (; play && schedule.frame <= frame; schedule.shift()) {
          // The first of the lowest frame.
          const next = waiting.reduce((least, candidate) => (candidate.frame < least.frame ? candidate : least));
          expect([schedule.frame, schedule.id]).toEqual([next.frame, next.id]);
          expect(schedule.event).toBe(next.event);
          waiting.splice(waiting.indexOf(next), 1);
        }
        expect(schedule.length).toBe(waiting.length);
      });
      schedule.clear();
      expect([schedule.length, schedule.frame]).toEqual([0, Infinity]);
    }),
  );
});
