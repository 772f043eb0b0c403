import type { MidiStatus } from './midi-controller.ts';

/** What each state of MIDI means to a player, in few words and in a sentence. */
export const MIDI_TEXT: Readonly<Record<Exclude<MidiStatus, 'on'>, { readonly short: string; readonly long: string }>> = {
  off: { short: 'MIDI', long: 'Press Play, and the MIDI keyboards are heard.' },
  waiting: { short: 'Asking for MIDI…', long: 'The browser asks whether this page may use MIDI. Allow it to play on a MIDI keyboard.' },
  unsupported: {
    short: 'No Web MIDI here',
    long: 'This browser has no Web MIDI. Chrome, Edge, Opera and Firefox have it; here the computer’s keys, mouse and touch play.',
  },
  refused: { short: 'MIDI was refused', long: 'MIDI was refused. Allow it in the site settings, beside the address, and try again.' },
  failed: { short: 'MIDI could not be opened', long: 'MIDI could not be opened. Another program may hold it; close that and try again.' },
};
