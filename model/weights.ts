/** What was learned: the decoder's tensors, together with the spec that gives their sizes. */
import * as v from 'valibot';
import { crc32 } from './crc32.ts';
import { InputError } from './input-error.ts';
import { readSafetensors, writeSafetensors, type Tensor } from './safetensors.ts';
import { GENERATED, MODEL_FORMAT, TIERS, type Spec } from './spec.ts';
import { decoderTensors } from './tensors.ts';
import { validateJson } from './validate.ts';

export interface Weights {
  readonly spec: Spec;
  /** By name, row-major; names and shapes are those of `decoderTensors(spec)`. */
  readonly tensors: Map<string, Float32Array>;
}

const count = (least: number, most: number): v.GenericSchema<unknown, number> =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));
const list = (item: v.GenericSchema<unknown, number>, most: number): v.GenericSchema<unknown, number[]> =>
  v.pipe(v.array(item), v.minLength(1), v.maxLength(most));

/** Bounds are far above any model that plays in real time, and low enough that no file can exhaust memory. */
const SpecSchema: v.GenericSchema<unknown, Spec> = v.pipe(
  v.strictObject({
    format: v.literal(MODEL_FORMAT),
    id: v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9.-]{0,63}$/)),
    tier: v.picklist(TIERS),
    sampleRate: count(8000, 96000),
    tick: count(1, 4096),
    style: v.strictObject({ size: count(1, 256) }),
    noteNetwork: v.strictObject({ pitchFeatures: count(1, 256), hidden: list(count(1, 2048), 16) }),
    strings: v.strictObject({ partials: count(1, 512), attackRange: v.pipe(v.number(), v.minValue(0.1), v.maxValue(5)) }),
    noise: v.strictObject({ bands: count(33, 512) }),
    knock: v.strictObject({ waves: count(0, 1024), samples: count(1, 8192), divisor: count(1, 64) }),
    waveNet: v.strictObject({
      fold: count(1, 64),
      channels: count(1, 256),
      dilations: list(count(1, 8192), 64),
      voiceFeatures: count(1, 256),
      decaySeconds: list(v.pipe(v.number(), v.minValue(1e-4), v.maxValue(60)), 16),
    }),
    generator: v.exactOptional(
      v.strictObject({ makes: v.picklist(GENERATED), divisor: count(1, 8), components: count(1, 16), colour: count(0, 64) }),
    ),
  }),
  v.check(({ generator, waveNet }) => generator === undefined || waveNet.fold === 1, 'waveNet.fold: a generator makes one sample a row'),
  v.check(({ generator, tick }) => generator === undefined || tick % generator.divisor === 0, 'generator.divisor: does not divide a tick'),
);

/**
 * Reads a weights file; tensors that the decoder does not use are left out.
 *
 * @param source names the file in errors
 * @throws InputError if it is damaged, of another format, incomplete or not finite
 */
export function parseWeights(bytes: Uint8Array, source: string): Weights {
  const file = readSafetensors(bytes, source);
  const specText = file.metadata['spec'];
  if (specText === undefined) throw new InputError(source, 'is not an anypiano model: its metadata has no spec');
  const spec = validateJson(SpecSchema, specText, `${source}: spec`);
  const tensors = new Map<string, Float32Array>();
  for (const { name, shape } of decoderTensors(spec)) {
    const tensor = file.tensors.get(name);
    if (tensor === undefined) throw new InputError(source, `has no tensor ${name}`);
    if (tensor.shape.join() !== shape.join()) {
      throw new InputError(source, `tensor ${name} has shape [${tensor.shape}] where the spec needs [${shape}]`);
    }
    if (!tensor.data.every(Number.isFinite)) throw new InputError(source, `tensor ${name} is not finite`);
    tensors.set(name, tensor.data);
  }
  const checksum = file.metadata['crc32'];
  if (checksum !== undefined && checksum !== tensorsChecksum(tensors)) {
    throw new InputError(source, 'is damaged: its checksum does not match');
  }
  return { spec, tensors };
}

/**
 * @param notes further metadata about how the weights came to be, for instance the corpus and the seed
 * @throws RangeError if a tensor is missing or does not fit the spec
 */
export function serialiseWeights({ spec, tensors }: Weights, notes: Record<string, string> = {}): Uint8Array {
  const shaped = new Map<string, Tensor>();
  const ordered = new Map<string, Float32Array>();
  for (const { name, shape } of decoderTensors(spec)) {
    const data = tensors.get(name);
    if (data === undefined) throw new RangeError(`no tensor ${name}`);
    shaped.set(name, { shape, data });
    ordered.set(name, data);
  }
  const metadata = { ...notes, spec: JSON.stringify(spec), crc32: tensorsChecksum(ordered) };
  return writeSafetensors({ metadata, tensors: shaped });
}

/** Checksum in hex over the tensors' float32 bytes, in the map's order. */
function tensorsChecksum(tensors: Map<string, Float32Array>): string {
  let checksum = 0;
  for (const { buffer, byteOffset, byteLength } of tensors.values()) {
    checksum = crc32(new Uint8Array(buffer, byteOffset, byteLength), checksum);
  }
  return checksum.toString(16).padStart(8, '0');
}
