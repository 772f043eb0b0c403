/** Small audio files of every format, none of them written by the code under test. */
import wavefile from 'wavefile';
import { createMp3Encoder, createOggEncoder } from 'wasm-media-encoders';

/** Half of full scale, frequency in Hz. */
export function sine(frequency: number, sampleRate: number, frames: number): Float32Array {
  return Float32Array.from({ length: frames }, (_, i) => 0.5 * Math.sin((2 * Math.PI * frequency * i) / sampleRate));
}

/** @param depth as `wavefile` names it: 8, 16, 24, 32, 32f, 64 */
export function wavFile(channels: readonly Float32Array[], sampleRate: number, depth: string): Uint8Array {
  const bits = Number.parseInt(depth, 10);
  const scale = depth === '32f' || depth === '64' ? 1 : 2 ** (bits - 1);
  const samples = channels.map((channel) =>
    Array.from(channel, (value) => (scale === 1 ? value : Math.round(value * scale) + (bits === 8 ? 128 : 0))),
  );
  const wav = new wavefile.WaveFile();
  wav.fromScratch(channels.length, sampleRate, depth, samples);
  return wav.toBuffer();
}

async function encode(encoder: Awaited<ReturnType<typeof createMp3Encoder | typeof createOggEncoder>>, samples: Float32Array, sampleRate: number): Promise<Uint8Array> {
  encoder.configure({ channels: 1, sampleRate });
  const parts = [Uint8Array.from(encoder.encode([samples])), Uint8Array.from(encoder.finalize())];
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** Begins with an Info frame that promises the count of bytes, as most encoders write it. */
export async function mp3File(samples: Float32Array, sampleRate: number): Promise<Uint8Array> {
  const frames = await encode(await createMp3Encoder(), samples, sampleRate);
  const header = frames.subarray(0, 4);
  const info = frames.slice(0, Buffer.from(frames.buffer).indexOf(header, 4)).fill(0, 4);
  // Behind the 17 bytes of side information of a mono frame; flag 2 says that bytes are counted.
  info.set(Buffer.from('Info'), 4 + 17);
  const view = new DataView(info.buffer);
  view.setUint32(4 + 17 + 4, 2);
  view.setUint32(4 + 17 + 8, info.length + frames.length);
  return Uint8Array.from([...info, ...frames]);
}

export async function oggFile(samples: Float32Array, sampleRate: number): Promise<Uint8Array> {
  return encode(await createOggEncoder(), samples, sampleRate);
}

const FLAC_BLOCK = 256;

/** Mono 16-bit FLAC at 48 kHz without compression: verbatim subframes, in blocks of 256 (RFC 9639). */
export function flacFile(samples: Float32Array): Uint8Array {
  const blocks = Math.floor(samples.length / FLAC_BLOCK);
  const bytes: number[] = [...Buffer.from('fLaC'), 0x80, 0, 0, 34];
  bytes.push(FLAC_BLOCK >> 8, FLAC_BLOCK & 255, FLAC_BLOCK >> 8, FLAC_BLOCK & 255, 0, 0, 0, 0, 0, 0);
  // 20 bits of sample rate, 3 of channels - 1, 5 of bits - 1, 36 of the count of samples.
  const streamInfo = (48000n << 44n) | (0n << 41n) | (15n << 36n) | BigInt(blocks * FLAC_BLOCK);
  for (let shift = 56n; shift >= 0n; shift -= 8n) bytes.push(Number((streamInfo >> shift) & 255n));
  // No checksum of the sound.
  bytes.push(...new Array<number>(16).fill(0));
  for (let block = 0; block < blocks; block++) {
    // Sync, fixed block size; 256 samples, 48 kHz; mono, 16 bits; the number of the frame in UTF-8.
    const header = [0xff, 0xf8, 0x8a, 0x08, ...Buffer.from(String.fromCodePoint(block))];
    const frame = [...header, crc(header, 8, 0x07), 0x02];
    for (const sample of samples.subarray(block * FLAC_BLOCK, (block + 1) * FLAC_BLOCK)) {
      const value = Math.round(sample * 2 ** 15) & 0xffff;
      frame.push(value >> 8, value & 255);
    }
    const checksum = crc(frame, 16, 0x8005);
    bytes.push(...frame, checksum >> 8, checksum & 255);
  }
  return Uint8Array.from(bytes);
}

function crc(bytes: readonly number[], width: 8 | 16, polynomial: number): number {
  const top = 1 << (width - 1);
  const mask = (1 << width) - 1;
  let value = 0;
  for (const byte of bytes) {
    value ^= byte << (width - 8);
    for (let bit = 0; bit < 8; bit++) value = (value & top ? (value << 1) ^ polynomial : value << 1) & mask;
  }
  return value;
}
