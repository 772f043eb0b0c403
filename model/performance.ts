/** A performance on one piano: key and pedal events in seconds, whatever file they came from. */
import { parseMidi, type MidiData, type MidiEvent } from 'midi-file';
import { InputError } from './input-error.ts';
import { releaseVelocity } from './mechanics.ts';
import { MidiParts, PEDALS } from './midi-parts.ts';
import { MidiPitch } from './midi-pitch.ts';

export type PerformanceEvent =
  | { readonly seconds: number; readonly type: 'noteOn'; readonly note: number; /** Above 0, at most 1. */ readonly velocity: number }
  | { readonly seconds: number; readonly type: 'noteOff'; readonly note: number; /** Of the release, 0..1, where it is known. */ readonly velocity?: number }
  | { readonly seconds: number; readonly type: 'control'; readonly controller: number; /** 0..127. */ readonly value: number }
  /** Of one key, or of all. */
  | { readonly seconds: number; readonly type: 'bend'; readonly cents: number; readonly note?: number };

export interface Performance {
  readonly name: string;
  /** Time of the last event. */
  readonly seconds: number;
  /** In order of time; events of one instant keep the order of the file. */
  readonly events: readonly PerformanceEvent[];
}

const LARGEST_FILE = 16 * 2 ** 20;
const LONGEST_SECONDS = 12 * 3600;
/** Four bytes of seven bits. */
const LONGEST_DELTA = 2 ** 28 - 1;
/** Channel 10 of General MIDI, counted from 0. */
const PERCUSSION_CHANNEL = 9;
/** Volume, expression and bends of all keys: in a file of several channels, the balance and the glissandi of an orchestra. */
const LEVELS = [7, 11];
const ALL_SOUND_OFF = 120;
const RESET_CONTROLLERS = 121;
const ALL_NOTES_OFF = 123;
/** Of a wheel at rest. */
const PITCH_CENTRE = 8192;
/** 120 beats a minute, until the file says otherwise. */
const DEFAULT_MICROSECONDS_PER_BEAT = 500000;

/** An event of one track at its absolute tick. */
interface TimedEvent {
  readonly tick: number;
  readonly track: number;
  readonly event: MidiEvent;
}

/**
 * Reads a standard MIDI file of format 0, 1 or 2. All tracks and channels play
 * on the one piano, except percussion; a key is released when the last channel
 * that holds it lets go, and a pedal is as deep as the deepest. Of a channel without
 * notes, only the pedals count. The tracks of format 2 play one after the other.
 *
 * @param name names the file in errors and in the result
 * @throws InputError if the file is damaged, foreign, too large or without notes
 */
export function parseMidiFile(bytes: Uint8Array, name: string): Performance {
  if (bytes.length > LARGEST_FILE) throw new InputError(name, `is larger than ${LARGEST_FILE / 2 ** 20} MiB`);
  const midi = readMidi(trackChunks(bytes, name), name);
  const tracks = midi.tracks.map((events, track) => timedEvents(events, track, name));
  const sequences = midi.header.format === 2 ? tracks : [tracks.flat().sort((a, b) => a.tick - b.tick)];

  const events: PerformanceEvent[] = [];
  const players = playingChannels(midi);
  let start = 0;
  for (const sequence of sequences) start = appendSequence(events, sequence, start, midi.header, players, name);
  if (!events.some((event) => event.type === 'noteOn')) throw new InputError(name, 'has no notes for a piano');
  const kept = players.size <= 1 ? events : events.filter(isOfThePiano);
  return { name, seconds: kept[kept.length - 1]!.seconds, events: kept };
}

/** Whether an event of a file with several channels concerns the piano: a bend of one key does, as it follows that key. */
function isOfThePiano(event: PerformanceEvent): boolean {
  if (event.type === 'bend') return event.note !== undefined;
  return event.type !== 'control' || !LEVELS.includes(event.controller);
}

/** Channels that have notes, percussion aside. */
function playingChannels({ tracks }: MidiData): ReadonlySet<number> {
  return new Set(tracks.flat().flatMap((event) => (event.type === 'noteOn' && event.channel !== PERCUSSION_CHANNEL ? [event.channel] : [])));
}

/** Checks the chunk structure and leaves out chunks that are neither header nor track, as the standard asks. */
function trackChunks(bytes: Uint8Array, name: string): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const idAt = (at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (bytes.length < 4 || idAt(0) !== 'MThd') throw new InputError(name, 'is not a MIDI file');
  const kept: Uint8Array[] = [];
  // Stops after the last track: some programs leave padding behind it.
  for (let at = 0, wanted = 1; kept.length < wanted; ) {
    const end = at + 8 <= bytes.length ? at + 8 + view.getUint32(at + 4) : Infinity;
    if (end > bytes.length) throw new InputError(name, 'is truncated');
    if (at === 0) {
      if (end < 14) throw new InputError(name, 'has a damaged header');
      wanted = 1 + view.getUint16(10);
    }
    if (at === 0 || idAt(at) === 'MTrk') kept.push(bytes.subarray(at, end));
    at = end;
  }
  const whole = new Uint8Array(kept.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of kept) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

function readMidi(bytes: Uint8Array, name: string): MidiData {
  let midi: MidiData;
  try {
    midi = parseMidi(bytes);
  } catch {
    // The parser throws strings that speak of its own state.
    throw new InputError(name, 'has a damaged track');
  }
  if (midi.header.format > 2) throw new InputError(name, `has the unknown MIDI file format ${midi.header.format}`);
  return midi;
}

function timedEvents(events: readonly MidiEvent[], track: number, name: string): TimedEvent[] {
  let tick = 0;
  return events.map((event) => {
    // The parser lets numbers of more than four bytes overflow.
    if (event.deltaTime < 0 || event.deltaTime > LONGEST_DELTA) throw new InputError(name, 'has a damaged track');
    tick += event.deltaTime;
    return { tick, track, event };
  });
}

/** Appends one sequence that begins at `start` seconds; returns the time at which it ends. */
function appendSequence(
  out: PerformanceEvent[],
  sequence: readonly TimedEvent[],
  start: number,
  header: MidiData['header'],
  players: ReadonlySet<number>,
  name: string,
): number {
  let secondsPerTick = initialSecondsPerTick(header, name);
  let lastTick = 0;
  let seconds = start;
  const parts = new MidiParts();
  const pitch = new MidiPitch({
    bend: (cents, note, at = 0) => out.push({ seconds: at, type: 'bend', cents, ...(note === undefined ? {} : { note }) }),
    // Concert pitch is the player's.
    tune: () => undefined,
  });
  for (const { tick, track, event } of sequence) {
    seconds += (tick - lastTick) * secondsPerTick;
    lastTick = tick;
    if (!(seconds <= LONGEST_SECONDS)) throw new InputError(name, `lasts longer than ${LONGEST_SECONDS / 3600} hours`);
    if (event.type === 'setTempo') {
      if (header.ticksPerBeat !== undefined) secondsPerTick = event.microsecondsPerBeat / 1e6 / header.ticksPerBeat;
    } else if (event.type === 'noteOn' || event.type === 'noteOff' || event.type === 'controller' || event.type === 'pitchBend') {
      // In a file of MPE, each note has a channel of its own, this one too.
      if (event.channel !== PERCUSSION_CHANNEL || pitch.expressive) appendEvent(out, event, seconds, track * 16 + event.channel, { parts, pitch, players }, name);
    }
  }
  return seconds;
}

type ChannelEvent = Extract<MidiEvent, { type: 'noteOn' | 'noteOff' | 'controller' | 'pitchBend' }>;

/** What is known of a sequence so far; `players` are the channels that have notes. */
interface Ensemble {
  readonly parts: MidiParts;
  readonly pitch: MidiPitch;
  readonly players: ReadonlySet<number>;
}

/** @param hand the track and channel that plays: see `MidiParts` */
function appendEvent(out: PerformanceEvent[], event: ChannelEvent, seconds: number, hand: number, ensemble: Ensemble, name: string): void {
  const { parts, pitch, players } = ensemble;
  const dataByte = (value: number): number => {
    if (value >= 0 && value <= 127) return value;
    throw new InputError(name, 'has a damaged track');
  };
  if (event.type === 'pitchBend') {
    if (pitch.expressive || players.has(event.channel)) pitch.bend(event.channel, PITCH_CENTRE + Math.max(-PITCH_CENTRE, Math.min(PITCH_CENTRE - 1, event.value)), seconds);
    return;
  }
  if (event.type === 'controller') {
    const [controller, value] = [dataByte(event.controllerType), dataByte(event.value)];
    return appendControl(out, event.channel, controller, value, seconds, ensemble);
  }
  const note = dataByte(event.noteNumber);
  const velocity = dataByte(event.velocity);
  if (event.type === 'noteOn' && velocity > 0) {
    parts.press(hand, note);
    pitch.noteOn(event.channel, note, seconds);
    out.push({ seconds, type: 'noteOn', note, velocity: velocity / 127 });
  } else {
    const comesUp = parts.release(hand, note);
    pitch.noteOff(event.channel, note);
    const release = event.type === 'noteOff' ? releaseVelocity(velocity) : undefined;
    if (comesUp) out.push({ seconds, type: 'noteOff', note, ...(release !== undefined && { velocity: release }) });
  }
}

/** A controller of one part: it moves what is that part's, and where it plays alone the whole piano. */
function appendControl(out: PerformanceEvent[], channel: number, controller: number, value: number, seconds: number, { parts, pitch, players }: Ensemble): void {
  const plays = pitch.expressive || players.has(channel);
  const moves = (pedal: number, depth: number): void => void out.push({ seconds, type: 'control', controller: pedal, value: depth });
  if (PEDALS.includes(controller)) {
    const depth = parts.pedal(channel, controller, value);
    if (depth !== undefined) moves(controller, depth);
    return;
  }
  const ends = controller === ALL_NOTES_OFF || controller === ALL_SOUND_OFF;
  const resets = controller === RESET_CONTROLLERS;
  // A reset on a channel without notes would let go of the bends of all.
  if ((plays || !resets) && pitch.control(channel, controller, value, seconds)) return;
  const up = ends ? parts.letGo(channel) : [];
  const lifted = resets ? parts.lift(channel) : [];
  const alone = pitch.expressive || players.size <= 1;
  if (plays && (alone || !(ends || resets))) return moves(controller, value);
  for (const note of up) out.push({ seconds, type: 'noteOff', note });
  for (const { pedal, depth } of lifted) moves(pedal, depth);
}

/** Length of a tick before the first tempo event; SMPTE division fixes it for the whole file. */
function initialSecondsPerTick(header: MidiData['header'], name: string): number {
  const { ticksPerBeat, framesPerSecond, ticksPerFrame } = header;
  if (ticksPerBeat) return DEFAULT_MICROSECONDS_PER_BEAT / 1e6 / ticksPerBeat;
  if (framesPerSecond && ticksPerFrame) {
    // 29 stands for the drop-frame rate of 30000/1001.
    return 1 / ((framesPerSecond === 29 ? 30000 / 1001 : framesPerSecond) * ticksPerFrame);
  }
  throw new InputError(name, 'has a time division of zero');
}
