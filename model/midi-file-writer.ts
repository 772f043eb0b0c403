/** Writes a performance as a standard MIDI file. */
import { writeMidi, type MidiEvent } from 'midi-file';
import type { Performance, PerformanceEvent } from './performance.ts';

const TICKS_PER_BEAT = 960;
const CHANNEL = 0;

/**
 * A file of format 0 on channel 1. A tick is half a millisecond at 120 beats a minute.
 *
 * @param beatsPerMinute what the file says of its tempo; the events keep their times
 */
export function writeMidiFile({ name, events }: Performance, beatsPerMinute: number): Uint8Array<ArrayBuffer> {
  const ticksPerSecond = (TICKS_PER_BEAT * beatsPerMinute) / 60;
  const track: MidiEvent[] = [
    { deltaTime: 0, type: 'trackName', text: name.replace(/[^\x20-\x7e]/g, '') },
    { deltaTime: 0, type: 'setTempo', microsecondsPerBeat: Math.round(6e7 / beatsPerMinute) },
  ];
  let last = 0;
  for (const event of events) {
    const tick = Math.round(event.seconds * ticksPerSecond);
    track.push({ deltaTime: tick - last, ...midiEvent(event) });
    last = tick;
  }
  track.push({ deltaTime: 0, type: 'endOfTrack' });
  return Uint8Array.from(writeMidi({ header: { format: 0, numTracks: 1, ticksPerBeat: TICKS_PER_BEAT }, tracks: [track] }));
}

/** An event without its time. */
type UntimedEvent = MidiEvent extends infer E ? (E extends MidiEvent ? Omit<E, 'deltaTime'> : never) : never;

function midiEvent(event: PerformanceEvent): UntimedEvent {
  switch (event.type) {
    case 'noteOn':
      return { type: 'noteOn', channel: CHANNEL, noteNumber: event.note, velocity: Math.max(1, Math.round(127 * event.velocity)) };
    case 'noteOff':
      return { type: 'noteOff', channel: CHANNEL, noteNumber: event.note, velocity: Math.round(127 * (event.velocity ?? 0)) };
    case 'control':
      return { type: 'controller', channel: CHANNEL, controllerType: event.controller, value: Math.round(event.value) };
  }
}
