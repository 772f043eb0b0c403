/** Plan of the kernel's memory: every stage reserves its part once, before the memory exists. */

/** A cache line; vectors never straddle two. */
const ALIGNMENT = 64;
const PAGE = 65536;

/** Below this lie the kernel's own constants; so address 0 can mean "none". */
export const LAYOUT_START = 12 * ALIGNMENT;

export class Layout {
  #bytes = LAYOUT_START;

  /** Address of `bytes` bytes, aligned to a cache line. */
  reserve(bytes: number): number {
    const address = this.#bytes;
    this.#bytes += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    return address;
  }

  /** Address of `count` float32 values. */
  floats(count: number): number {
    return this.reserve(4 * count);
  }

  /** WebAssembly pages that hold everything reserved so far. */
  get pages(): number {
    return Math.ceil(this.#bytes / PAGE);
  }
}
