/** Seeded damage to the bytes of a file, as disks, networks and curious people cause it. */
import { InputError } from '../../model/input-error.ts';
import type { Random } from '../../model/random.ts';

/** A copy that is cut short, has bits flipped or bytes replaced, inserted or repeated; mostly near the start, where the structure is. */
export function damage(bytes: Uint8Array, random: Random): Uint8Array {
  const position = (): number => random.below(random.chance(0.6) ? Math.min(bytes.length, 128) : bytes.length);
  const copy = Uint8Array.from(bytes);
  switch (random.below(5)) {
    case 0:
      return copy.slice(0, position());
    case 1:
      copy[position()]! ^= 1 << random.below(8);
      return copy;
    case 2:
      for (let i = 0; i < 4; i++) copy[position()] = random.below(256);
      return copy;
    case 3: {
      const at = position();
      copy.fill(random.chance(0.5) ? 0xff : 0, at, at + 4);
      return copy;
    }
    default: {
      const at = position();
      const repeated = copy.subarray(at, at + random.below(64));
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
