/** Writes an ONNX graph node by node. */

/** What `onnx-proto` exports, as far as it is used here. */
export interface OnnxProto {
  readonly onnx: { readonly ModelProto: { encode(model: object): { finish(): Uint8Array } } };
}

/** Name of a value in the graph. */
export type Value = string;
type Attribute = number;

/** Codes of ONNX's protocol buffers. */
const FLOAT = 1;
const INT64 = 7;
const INT_ATTRIBUTE = 2;
const IR_VERSION = 8;
const OPERATORS = 17;

export class OnnxGraph {
  readonly #nodes: object[] = [];
  readonly #initialisers: object[] = [];
  readonly #inputs: object[] = [];
  readonly #outputs: object[] = [];
  #values = 0;

  input(name: string, shape: readonly number[]): Value {
    this.#inputs.push(describe(name, shape));
    return name;
  }

  /** Makes a value an output of the graph, under `name`. */
  output(value: Value, name: string, shape: readonly number[]): void {
    this.#nodes.push({ opType: 'Identity', input: [value], output: [name] });
    this.#outputs.push(describe(name, shape));
  }

  /** Constant floats, row-major. */
  floats(data: Float32Array, shape: readonly number[]): Value {
    return this.#constant(FLOAT, data, shape);
  }

  /** Constant integers: sizes, starts and ends. */
  integers(data: readonly number[]): Value {
    return this.#constant(INT64, BigInt64Array.from(data, BigInt), [data.length]);
  }

  /** One operation with one result. */
  op(type: string, inputs: readonly Value[], attributes: Readonly<Record<string, Attribute>> = {}): Value {
    return this.#node(type, inputs, 1, attributes)[0]!;
  }

  /** Parts of `sizes` along `axis`. */
  split(value: Value, sizes: readonly number[], axis: number): Value[] {
    return this.#node('Split', [value, this.integers(sizes)], sizes.length, { axis });
  }

  concat(values: readonly Value[], axis: number): Value {
    return this.op('Concat', values, { axis });
  }

  /** The model in bytes. */
  encode({ onnx }: OnnxProto): Uint8Array {
    const graph = { name: 'network', node: this.#nodes, initializer: this.#initialisers, input: this.#inputs, output: this.#outputs };
    return onnx.ModelProto.encode({ irVersion: IR_VERSION, opsetImport: [{ domain: '', version: OPERATORS }], graph }).finish();
  }

  #constant(dataType: number, { buffer, byteOffset, byteLength }: ArrayBufferView, dims: readonly number[]): Value {
    const name = this.#name();
    this.#initialisers.push({ name, dims, dataType, rawData: new Uint8Array(buffer, byteOffset, byteLength) });
    return name;
  }

  #node(opType: string, input: readonly Value[], results: number, attributes: Readonly<Record<string, Attribute>>): Value[] {
    const output = Array.from({ length: results }, () => this.#name());
    const attribute = Object.entries(attributes).map(([name, i]) => ({ name, type: INT_ATTRIBUTE, i }));
    this.#nodes.push({ opType, input, output: [...output], attribute });
    return output;
  }

  #name(): Value {
    return `v${this.#values++}`;
  }
}

function describe(name: string, shape: readonly number[]): object {
  const dim = shape.map((dimValue) => ({ dimValue }));
  return { name, type: { tensorType: { elemType: FLOAT, shape: { dim } } } };
}
