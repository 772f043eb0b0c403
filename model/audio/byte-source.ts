/** The bytes of a file, wherever they lie. */
export interface ByteSource {
  readonly size: number;
  /** Fewer than `length` bytes only at the end. */
  read(at: number, length: number): Promise<Uint8Array>;
}

export function bytesInMemory(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: (at, length) => Promise.resolve(bytes.subarray(at, at + length)) };
}
