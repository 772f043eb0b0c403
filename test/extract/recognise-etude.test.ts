import { beforeAll, describe, expect, it } from 'vitest';
import { etude } from '../../model/etude.ts';
import { recogniseEtude } from '../../model/extract/recognise-etude.ts';
import type { Performance, PerformanceEvent } from '../../model/performance.ts';
import { Random } from '../../model/random.ts';
import { startBackend } from '../../model/train/backend.ts';
import { loadBasicPitch } from '../../model/transcribe/package-model.ts';
import { transcribe } from '../../model/transcribe/transcribe.ts';
import { soundOf } from '../../model/audio/sound.ts';
import { PIECE_RATE, playEtude, playPiece } from '../transcribe/piece.ts';

type NoteOn = Extract<PerformanceEvent, { type: 'noteOn' }>;

const strikes = ({ events }: Performance): NoteOn[] => events.filter((event) => event.type === 'noteOn');

function performanceOf(events: readonly PerformanceEvent[]): Performance {
  const ordered = events.toSorted((a, b) => a.seconds - b.seconds);
  return { name: 'heard', seconds: ordered.at(-1)!.seconds, events: ordered };
}

/** As a transcriber hears it that much later: not on time, without the lowest keys, with overtones of them and other notes that nobody played. */
function heardEtude(delay: number, random: Random): NoteOn[] {
  const heard = strikes(etude()).flatMap(({ note, seconds }): NoteOn[] => {
    const at = seconds + delay + random.between(-0.02, 0.02);
    const played = { type: 'noteOn', note, velocity: 0.5, seconds: at } as const;
    return note < 34 ? [{ ...played, note: note + 12 }, { ...played, note: note + 19 }] : [played];
  });
  const ghosts = Array.from({ length: 60 }, () => ({ type: 'noteOn', note: 40 + random.below(50), velocity: 0.3, seconds: random.between(0, 60) }) as const);
  return [...heard, ...ghosts].filter(({ seconds }) => seconds >= 0);
}

describe('the étude in what was heard', () => {
  it.each([0, 7.3, -20])('is recognised %d s later than it was played', (delay) => {
    const found = recogniseEtude(performanceOf(heardEtude(delay, new Random(1))));
    const expected = strikes(etude()).map((event) => ({ ...event, seconds: event.seconds + delay })).filter(({ seconds }) => seconds >= 0);
    const actual = strikes(found!);
    expect(actual.map(({ note, velocity }) => [note, velocity])).toEqual(expected.map(({ note, velocity }) => [note, velocity]));
    for (const [i, { seconds }] of actual.entries()) expect(Math.abs(seconds - expected[i]!.seconds)).toBeLessThan(0.01);
  });

  it('is recognised in half a minute of it', () => {
    const half = heardEtude(0, new Random(2)).filter(({ seconds }) => seconds < 30);
    expect(strikes(recogniseEtude(performanceOf(half))!)).toHaveLength(88);
  });

  it('is not found in other music, nor at another speed, nor in a few notes, nor in none', () => {
    const random = new Random(3);
    const notes = (count: number): NoteOn[] => Array.from({ length: count }, () => ({ type: 'noteOn', note: 21 + random.below(88), velocity: 0.5, seconds: random.between(0, 60) }));
    const slower = heardEtude(0, random).map((event) => ({ ...event, seconds: 1.05 * event.seconds }));
    for (const events of [notes(40), notes(400), notes(1200), slower, heardEtude(0, random).slice(0, 8)]) expect(recogniseEtude(performanceOf(events))).toBeUndefined();
    expect(recogniseEtude({ name: 'none', seconds: 10, events: [] })).toBeUndefined();
  });
});

describe('the étude in a recording', () => {
  beforeAll(() => startBackend('wasm'));

  it.each([
    ['ten seconds of it', playEtude('upright-kw', 12, 10), -12],
    ['another piece', playPiece('upright-kw'), undefined],
  ])('%s', async (_, sound, delay) => {
    const transcriber = await loadBasicPitch();
    const heard = await transcribe(transcriber, soundOf({ sampleRate: PIECE_RATE, channels: [sound] }), 'a recording').finally(() => transcriber.dispose());
    const found = recogniseEtude(heard);
    if (delay === undefined) {
      expect(found).toBeUndefined();
      return;
    }
    const { note, seconds } = strikes(found!)[0]!;
    const played = strikes(etude()).find((strike) => strike.note === note)!;
    expect(Math.abs(seconds - played.seconds - delay)).toBeLessThan(0.02);
  });
});
