/** Seeded damage to the bytes of a file, as disks, networks and curious people cause it. */
import { InputError } from '../../model/input-error.ts';

/** xorshift32, uniform in 0..1. */
export function seededRandom(seed: number): () => number {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** A copy that is cut short, has bits flipped or bytes replaced, inserted or repeated; mostly near the start, where the structure is. */
export function damage(bytes: Uint8Array, random: () => number): Uint8Array {
  const position = (): number => Math.floor(random() * (random() < 0.6 ? Math.min(bytes.length, 128) : bytes.length));
  const copy = Uint8Array.from(bytes);
  switch (Math.floor(random() * 5)) {
    case 0:
      return copy.slice(0, position());
    case 1:
      copy[position()]! ^= 1 << Math.floor(random() * 8);
      return copy;
    case 2:
      for (let i = 0; i < 4; i++) copy[position()] = Math.floor(random() * 256);
      return copy;
    case 3: {
      const at = position();
      copy.fill(random() < 0.5 ? 0xff : 0, at, at + 4);
      return copy;
    }
    default: {
      const at = position();
      const repeated = copy.subarray(at, at + Math.floor(random() * 64));
      return Uint8Array.from([...copy.subarray(0, at), ...repeated, ...copy.subarray(at)]);
    }
  }
}

/** What reading gave, or the `InputError`; any other error passes through and fails the test. */
export async function readOrInputError<T>(read: () => T | Promise<T>): Promise<T | InputError> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
}
