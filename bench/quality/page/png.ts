/** Writes pictures as PNG (ISO/IEC 15948) of at most 256 colours. */
import { deflateSync } from 'node:zlib';
import { crc32 } from '../../../model/crc32.ts';

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const DEPTH = 8;
const INDEXED = 3;

/** Red, green and blue, 0..255. */
export type Colour = readonly [number, number, number];

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

/**
 * @param pixels width x height indices into `palette`, the top row first
 * @throws RangeError where the sizes do not fit
 */
export function encodePng(pixels: Uint8Array, width: number, palette: readonly Colour[]): Uint8Array {
  const height = pixels.length / width;
  if (!Number.isInteger(height) || palette.length > 256) throw new RangeError('pixels must fill whole rows, in at most 256 colours');
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([DEPTH, INDEXED, 0, 0, 0], 8);
  // Each row starts with its filter: none.
  const rows = new Uint8Array(height * (width + 1));
  for (let y = 0; y < height; y++) rows.set(pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  const chunks = [chunk('IHDR', header), chunk('PLTE', Uint8Array.from(palette.flat())), chunk('IDAT', deflateSync(rows, { level: 9 })), chunk('IEND', new Uint8Array(0))];
  return Buffer.concat([SIGNATURE, ...chunks]);
}

export function dataUrl(png: Uint8Array): string {
  return `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
}
