/**
 * Two weights in 32 bits, for a network that runs row by row.
 *
 * The low half of a word is the first weight, a bfloat16. The whole word, read as a float, is the second: its
 * last sixteen bits are the first's and change it by less than a bfloat16's rounding does. So the kernel
 * takes the first with one shift and the second as it is. Both are off by 2^-8 of themselves at most.
 */

/** Below, a first weight is 0 and a second this: its exponent has to keep the first's bits from being a subnormal number. */
const LEAST = 2 ** -60;

const bits = new Uint32Array(1);
const float = new Float32Array(bits.buffer);

function bitsOf(value: number): number {
  float[0] = value;
  return bits[0]!;
}

function floatOf(word: number): number {
  bits[0] = word;
  return float[0]!;
}

/** The word that holds both weights as nearly as it can; what it holds already is kept to the bit. */
export function pair(first: number, second: number): number {
  const word = Math.abs(first) < LEAST ? 0 : bitsOf(first);
  // To nearest, ties to even.
  const low = ((word + 0x7fff + ((word >>> 16) & 1)) >>> 16) & 0xffff;
  const wanted = Math.abs(second) < LEAST ? (second < 0 ? -LEAST : LEAST) : second;
  const high = bitsOf(wanted) & 0xffff0000;
  // One step of the high half up or down may be nearer.
  const candidates = [high, high + 0x10000, high - 0x10000].map((half) => ((half | low) >>> 0));
  const error = (candidate: number): number => Math.abs(floatOf(candidate) - wanted);
  return candidates.reduce((best, candidate) => (error(candidate) < error(best) ? candidate : best));
}

/** Both weights of a word. */
export function unpair(word: number): [first: number, second: number] {
  return [floatOf((word << 16) >>> 0), floatOf(word)];
}

/**
 * Pairs whole vectors of four: word i of a pair holds lane i of two vectors that follow each other.
 *
 * @param packed as many floats as make pairs of vectors, 8 each
 * @param words half as many
 */
export function pairVectors(packed: Float32Array, words: Uint32Array): void {
  for (let at = 0; at < packed.length; at += 8) {
    for (let lane = 0; lane < 4; lane++) words[at / 2 + lane] = pair(packed[at + lane]!, packed[at + 4 + lane]!);
  }
}

/** The floats that `pairVectors` made these words of, rounded. */
export function unpairVectors(words: Uint32Array, packed: Float32Array): void {
  for (let at = 0; at < packed.length; at += 8) {
    for (let lane = 0; lane < 4; lane++) [packed[at + lane], packed[at + 4 + lane]] = unpair(words[at / 2 + lane]!) as [number, number];
  }
}
