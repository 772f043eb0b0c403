/** Files that a player gives to the page: a performance to hear, a piano to play, or a recording of one. */
import { InputError } from '../model/input-error.ts';
import { parseMidiFile, type Performance } from '../model/performance.ts';
import { parseStyle, type Style } from '../model/style.ts';

export type PlayerFile = { readonly type: 'performance'; readonly performance: Performance } | { readonly type: 'style'; readonly style: Style } | { readonly type: 'recording' };

const RECORDING = /\.(?:wav|flac|ogg|oga|opus|mp3|m4a|aac|webm)$/i;
/** No MIDI file and no style is larger; a film that was dropped by mistake is not read. */
const LARGEST_FILE = 16 * 2 ** 20;

/** @throws InputError if the file is no MIDI file, style or recording, or is damaged; recordings are not looked into */
export async function readPlayerFile(file: File): Promise<PlayerFile> {
  if (isRecording(file)) return { type: 'recording' };
  if (file.size > LARGEST_FILE) throw new InputError(file.name, `is larger than ${LARGEST_FILE / 2 ** 20} MiB`);
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (/\.(mid|midi|smf)$/i.test(file.name) || String.fromCharCode(...bytes.subarray(0, 4)) === 'MThd') {
    return { type: 'performance', performance: parseMidiFile(bytes, file.name) };
  }
  if (/\.json$/i.test(file.name)) {
    return { type: 'style', style: parseStyle(new TextDecoder().decode(bytes), file.name) };
  }
  throw new InputError(file.name, 'is neither a MIDI file, a recording nor a style');
}

/** Whether a file says of itself that it is sound. */
export function isRecording({ type, name }: File): boolean {
  return RECORDING.test(name) || (type.startsWith('audio/') && !/\.midi?$|\.smf$/i.test(name));
}
