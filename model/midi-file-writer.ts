/** Writes a performance as a standard MIDI file. */
import { writeMidi, type MidiEvent } from 'midi-file';
import { MidiChannels, type UntimedEvent } from './midi-channels.ts';
import type { Performance } from './performance.ts';

const TICKS_PER_BEAT = 960;

/**
 * A file of format 0 on channel 1, or in MIDI Polyphonic Expression where single keys are bent.
 * A tick is half a millisecond at 120 beats a minute.
 *
 * @param beatsPerMinute what the file says of its tempo; the events keep their times
 */
export function writeMidiFile({ name, events }: Performance, beatsPerMinute: number): Uint8Array<ArrayBuffer> {
  const ticksPerSecond = (TICKS_PER_BEAT * beatsPerMinute) / 60;
  const channels = new MidiChannels(events);
  const track: MidiEvent[] = [
    { deltaTime: 0, type: 'trackName', text: name.replaceAll('ß', 'ss').normalize('NFKD').replace(/[^\x20-\x7e]/g, '') },
    { deltaTime: 0, type: 'setTempo', microsecondsPerBeat: Math.round(6e7 / beatsPerMinute) },
  ];
  let last = 0;
  const add = (tick: number, messages: readonly UntimedEvent[]): void => {
    for (const message of messages) {
      track.push({ deltaTime: tick - last, ...message });
      last = tick;
    }
  };
  add(0, channels.setUp());
  for (const event of events) add(Math.round(event.seconds * ticksPerSecond), channels.messages(event));
  track.push({ deltaTime: 0, type: 'endOfTrack' });
  return Uint8Array.from(writeMidi({ header: { format: 0, numTracks: 1, ticksPerBeat: TICKS_PER_BEAT }, tracks: [track] }));
}
