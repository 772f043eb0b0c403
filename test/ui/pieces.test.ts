import { expect, test } from 'vitest';
import { bachPrelude } from '../../demo/pieces/bach-prelude.ts';
import { chopinPrelude } from '../../demo/pieces/chopin-prelude.ts';
import { satieGymnopedie } from '../../demo/pieces/satie-gymnopedie.ts';
import { parseMidiFile } from '../../model/performance.ts';

test.each([
  ['Satie', satieGymnopedie, 36 * 3 + 10],
  ['Bach', bachPrelude, 35 * 4],
  ['Chopin', chopinPrelude, 25 * 4],
])('the piece by %s is a MIDI file whose every key is struck and let go, ending with the pedal up', (name, compose) => {
  const { events } = parseMidiFile(compose().toMidi(), name);
  const held = new Set<number>();
  let pedal = 0;
  for (const event of events) {
    if (event.type === 'noteOn') held.add(event.note);
    else if (event.type === 'noteOff') held.delete(event.note);
    else if (event.type === 'control') pedal = event.value;
  }
  expect(held.size).toBe(0);
  expect(pedal).toBe(0);
});

test('the prelude by Bach has the notes of the score', () => {
  // 32 bars of 16 notes, two bars of 16, and a chord of five.
  const { events } = parseMidiFile(bachPrelude().toMidi(), 'Bach');
  expect(events.filter(({ type }) => type === 'noteOn')).toHaveLength(34 * 16 + 5);
});

test('building a piece twice gives the same bytes', () => {
  expect(satieGymnopedie().toMidi()).toEqual(satieGymnopedie().toMidi());
});
