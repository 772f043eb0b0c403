/** A piano as an address: its style, compressed, in the part of an address that browsers keep to themselves. */
import { InputError } from '../model/input-error.ts';
import { parseStyle, serialiseStyle, type Style } from '../model/style.ts';

const MARK = '#piano=';
const SOURCE = 'the piano of this address';
/** No style is larger; an address that unfolds to more is somebody's joke. */
const LARGEST_STYLE = 2 ** 20;

/** The address of a page, with a style. */
export async function styleLink(style: Style, page: string): Promise<string> {
  const bytes = await through(new TextEncoder().encode(serialiseStyle(style)), new CompressionStream('deflate-raw'), Infinity);
  let characters = '';
  for (const byte of bytes) characters += String.fromCharCode(byte);
  const text = btoa(characters).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  return withoutFragment(page) + MARK + text;
}

/** An address up to the part that browsers keep to themselves. */
export function withoutFragment(address: string): string {
  return address.replace(/#.*$/s, '');
}

/**
 * The style that an address holds; undefined where it holds none.
 *
 * @throws InputError if it is damaged
 */
export async function linkedStyle(address: string): Promise<Style | undefined> {
  const at = address.indexOf(MARK);
  if (at < 0) return undefined;
  const text = address.slice(at + MARK.length).replace(/-/g, '+').replace(/_/g, '/');
  let json: string;
  try {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    json = new TextDecoder().decode(await through(bytes, new DecompressionStream('deflate-raw'), LARGEST_STYLE));
  } catch {
    throw new InputError(SOURCE, 'is damaged: was all of it copied?');
  }
  return parseStyle(json, SOURCE);
}

/** @throws RangeError where more than `most` bytes come out, TypeError where the bytes are damaged */
async function through(bytes: Uint8Array<ArrayBuffer>, stream: CompressionStream | DecompressionStream, most: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for (const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > most) throw new RangeError('too long');
    parts.push(value);
  }
  return new Uint8Array(await new Blob(parts as Uint8Array<ArrayBuffer>[]).arrayBuffer());
}
