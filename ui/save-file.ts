import { writeMidiFile } from '../model/midi-file-writer.ts';
import type { Performance } from '../model/performance.ts';

/** Hands a file to the browser's downloads. */
export function saveFile(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  // What some file systems refuse in a name.
  link.download = name.replace(/[\\/:*?"<>|]/g, '-');
  link.click();
  // The download has its own hold on the content by then.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** The same of a MIDI file, whose bars and beats are those of a metronome. */
export function saveMidiFile(performance: Performance, name: string, beatsPerMinute = 120): void {
  saveFile(new Blob([writeMidiFile(performance, beatsPerMinute)], { type: 'audio/midi' }), `${name}.mid`);
}
