/** `anypiano render` on a texture of 16 notes: the engine off line in Node. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeMidi, type MidiEvent } from 'midi-file';

const NOTES = 16;
const ROUNDS = 8;
const RUNS = 3;
/** 120 beats a minute: a tick is a millisecond. */
const TICKS_PER_BEAT = 500;
/** Each key is held for all of a round but its end, and struck again in the next. */
const ROUND_TICKS = 2000;
const HELD_TICKS = 1900;
const VELOCITY = 90;

/** A standard MIDI file in which 16 keys sound all the time, one struck after the other. */
export function sixteenNotes(): Uint8Array {
  const events: { at: number; order: number; note: number; type: 'noteOn' | 'noteOff' }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = 0; i < NOTES; i++) {
      const at = round * ROUND_TICKS + (i * ROUND_TICKS) / NOTES;
      const note = 28 + 4 * i;
      events.push({ at, order: 1, note, type: 'noteOn' }, { at: at + HELD_TICKS, order: 0, note, type: 'noteOff' });
    }
  }
  events.sort((a, b) => a.at - b.at || a.order - b.order);
  let last = 0;
  const track: MidiEvent[] = events.map(({ at, note, type }) => {
    const deltaTime = at - last;
    last = at;
    return { deltaTime, type, channel: 0, noteNumber: note, velocity: type === 'noteOn' ? VELOCITY : 0 };
  });
  track.push({ deltaTime: 0, type: 'endOfTrack', meta: true });
  return Uint8Array.from(writeMidi({ header: { format: 0, numTracks: 1, ticksPerBeat: TICKS_PER_BEAT }, tracks: [track] }));
}

/** Times real time on one core, the best of some runs of the command. */
export async function renderSpeed(weights: string, style: string): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'anypiano-bench-'));
  try {
    const [midi, wav] = [join(folder, 'sixteen.mid'), join(folder, 'sixteen.wav')];
    await writeFile(midi, sixteenNotes());
    const args = ['dist/cli/anypiano.js', 'render', midi, '--style', style, '--model', weights, '--tail', '0', '-o', wav, '--json'];
    let best = 0;
    for (let run = 0; run < RUNS; run++) {
      const { stdout } = await promisify(execFile)(process.execPath, args);
      const { realTimeFactor } = JSON.parse(stdout.trim().split('\n').at(-1)!) as { realTimeFactor: number };
      best = Math.max(best, realTimeFactor);
    }
    return best;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
