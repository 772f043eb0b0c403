/**
 * The safetensors file format: an 8-byte little-endian header length, a JSON
 * header, then the tensors' bytes, row-major and without gaps.
 * https://huggingface.co/docs/safetensors
 *
 * Reads F32 and F16; writes a tensor as F16 where that loses nothing, else as F32. Hosts are little-endian, as the format is.
 */
import * as v from 'valibot';
import { decodeHalf, encodeHalf, isHalf } from './half.ts';
import { InputError } from './input-error.ts';
import { validate, validateJson } from './validate.ts';

export interface Tensor {
  readonly shape: readonly number[];
  /** Row-major; as many values as the product of `shape`. */
  readonly data: Float32Array;
}

export interface TensorFile {
  readonly metadata: Record<string, string>;
  readonly tensors: Map<string, Tensor>;
}

const LENGTH_BYTES = 8;
const LARGEST_HEADER = 2 ** 20;
const METADATA = '__metadata__';
const BYTES_PER_VALUE = { F32: 4, F16: 2 } as const;

const natural = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const HeaderSchema = v.pipe(
  v.unknown(),
  v.check((header) => !Array.isArray(header), 'has a header that is not an object'),
  v.record(v.string(), v.unknown()),
);
const MetadataSchema = v.record(v.string(), v.string());
const EntrySchema = v.object({
  dtype: v.picklist(['F32', 'F16']),
  shape: v.pipe(v.array(natural), v.maxLength(8)),
  data_offsets: v.tuple([natural, natural]),
});
type Entry = v.InferOutput<typeof EntrySchema>;

/**
 * @param source names the file in errors
 * @throws InputError if the bytes are truncated, foreign or contradict their header
 */
export function readSafetensors(bytes: Uint8Array, source: string): TensorFile {
  if (bytes.length < LENGTH_BYTES) throw new InputError(source, 'is too short to be a safetensors file');
  const headerLength = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  if (headerLength > BigInt(LARGEST_HEADER)) throw new InputError(source, 'is not a safetensors file');
  const dataStart = LENGTH_BYTES + Number(headerLength);
  if (dataStart > bytes.length) throw new InputError(source, 'is truncated: its header is not complete');

  const header = validateJson(HeaderSchema, decodeUtf8(bytes.subarray(LENGTH_BYTES, dataStart), source), source);
  const metadata = validate(MetadataSchema, header[METADATA] ?? {}, `${source}: ${METADATA}`);
  const entries = Object.entries(header)
    .filter(([name]) => name !== METADATA)
    .map(([name, entry]) => ({ name, entry: validate(EntrySchema, entry, `${source}: tensor ${name}`) }))
    .sort((a, b) => a.entry.data_offsets[0] - b.entry.data_offsets[0] || a.entry.data_offsets[1] - b.entry.data_offsets[1]);

  const data = bytes.subarray(dataStart);
  const tensors = new Map<string, Tensor>();
  let end = 0;
  for (const { name, entry } of entries) {
    const [start, stop] = entry.data_offsets;
    if (start !== end) throw new InputError(source, `tensor ${name} overlaps or leaves a gap before it`);
    if (stop > data.length) throw new InputError(source, `is truncated: tensor ${name} is not complete`);
    const size = entry.shape.reduce((product, length) => product * length, BYTES_PER_VALUE[entry.dtype]);
    if (stop - start !== size) throw new InputError(source, `tensor ${name} has ${stop - start} bytes where its shape needs ${size}`);
    tensors.set(name, { shape: entry.shape, data: decodeValues(data.subarray(start, stop), entry.dtype) });
    end = stop;
  }
  if (end !== data.length) throw new InputError(source, `has ${data.length - end} bytes after its last tensor`);
  return { metadata, tensors };
}

/** @throws RangeError if a tensor's data does not fit its shape */
export function writeSafetensors(file: TensorFile): Uint8Array {
  const header: Record<string, Entry | Record<string, string>> = {};
  if (Object.keys(file.metadata).length > 0) header[METADATA] = file.metadata;
  const encoded: Uint8Array[] = [];
  let end = 0;
  for (const [name, { shape, data }] of file.tensors) {
    const count = shape.reduce((product, length) => product * length, 1);
    if (data.length !== count) throw new RangeError(`tensor ${name} has ${data.length} values where its shape needs ${count}`);
    // Every tensor stays aligned to eight bytes.
    const dtype = data.length % 4 === 0 && data.every(isHalf) ? 'F16' : 'F32';
    const values = encodeValues(data, dtype);
    header[name] = { dtype, shape: [...shape], data_offsets: [end, end + values.length] };
    encoded.push(values);
    end += values.length;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  // Padded with spaces so that the tensors are aligned for readers that map the file.
  const headerLength = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(LENGTH_BYTES + headerLength + end).fill(0x20, LENGTH_BYTES, LENGTH_BYTES + headerLength);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.set(json, LENGTH_BYTES);
  let at = LENGTH_BYTES + headerLength;
  for (const values of encoded) {
    bytes.set(values, at);
    at += values.length;
  }
  return bytes;
}

function decodeUtf8(bytes: Uint8Array, source: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new InputError(source, 'is not a safetensors file');
  }
}

function decodeValues(bytes: Uint8Array, dtype: Entry['dtype']): Float32Array {
  // A copy, because values must be aligned in memory. Not by slice(), which gives no copy of a Node Buffer.
  const { buffer } = new Uint8Array(bytes);
  return dtype === 'F32' ? new Float32Array(buffer) : Float32Array.from(new Uint16Array(buffer), decodeHalf);
}

function encodeValues(values: Float32Array, dtype: Entry['dtype']): Uint8Array {
  if (dtype === 'F32') return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return new Uint8Array(Uint16Array.from(values, encodeHalf).buffer);
}
