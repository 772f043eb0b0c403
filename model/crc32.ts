/** CRC-32 (ISO 3309), the checksum of zip and PNG: finds damaged bytes, proves nothing about who wrote them. */

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? 0xedb88320 : 0);
  return remainder;
});

/** @param previous the result for the bytes that come before, to continue over several arrays */
export function crc32(bytes: Uint8Array, previous = 0): number {
  let remainder = ~previous;
  for (let i = 0; i < bytes.length; i++) {
    remainder = (remainder >>> 8) ^ TABLE[(remainder ^ bytes[i]!) & 0xff]!;
  }
  return ~remainder >>> 0;
}
