/** The benchmark's WaveNet as an ONNX model. */
import { BLOCK_ROWS, benchmarkShape, benchmarkTensors } from '../workload.ts';
import { OnnxGraph, type OnnxProto, type Value } from './onnx-graph.ts';

export interface OnnxModel {
  readonly bytes: Uint8Array;
  /** Past rows of all layers before the first block, `[rows][channels]`. */
  readonly state: Float32Array;
}

/** Sum of a layer's biases on what runs through the residual path: it is left out there, and made good in the gates. */
type Offset = Float64Array;

/**
 * Tried and slower in both runtimes, by a tenth to a quarter: Conv with
 * dilation, on [1, channels, rows] and on [1, channels, 1, rows]; a state for each
 * layer; biases in the residual path.
 *
 * Inputs `x` [rows, 1], `conditioning` [1, size], `past` [past rows, channels];
 * outputs `y` [rows, 1] and `next`, which is `past` of the block that follows.
 */
export function onnxModel(proto: OnnxProto, channels: number): OnnxModel {
  const c = channels;
  const { dilations, conditioning } = benchmarkShape(c);
  const tensors = benchmarkTensors(benchmarkShape(c));
  const tensor = (name: string): Float32Array => tensors.get(`wavenet.${name}`)!;
  const pastRows = dilations.reduce((sum, dilation) => sum + dilation, 0);
  // Where the runtime's tiles of 16 columns fit, each gate is a Gemm on both taps, which takes the activation along.
  // Else both gates are one Gemm for each tap.
  const gatesApart = c % 16 === 0;
  const width = gatesApart ? c : 2 * c;
  const graph = new OnnxGraph();
  const weight = (data: Float32Array, rows: number): Value => graph.floats(data, [rows, data.length / rows]);

  const x = graph.input('x', [BLOCK_ROWS, 1]);
  const vector = graph.input('conditioning', [1, conditioning]);
  const parts = dilations.flatMap((d) => (d <= BLOCK_ROWS ? [d] : Array<number>(d / BLOCK_ROWS).fill(BLOCK_ROWS)));
  const pasts = graph.split(graph.input('past', [pastRows, c]), parts, 0);
  const next: Value[] = [];

  const state = new Float32Array(pastRows * c);
  let offset: Offset = Float64Array.from(tensor('input.bias'));
  let stateRow = 0;
  const sharedBias: number[] = [];
  dilations.forEach((dilation, layer) => {
    for (let row = 0; row < dilation; row++, stateRow++) state.set(offset.map((v) => -v), stateRow * c);
    sharedBias.push(...gateBias(tensor(`${layer}.conv.weight`), tensor(`${layer}.conv.bias`), offset));
    const bias = tensor(`${layer}.residual.bias`);
    offset = offset.map((v, i) => v + bias[i]!);
  });
  const shared = sideBySide(dilations.map((_, layer) => tensor(`${layer}.conditioning.weight`)), conditioning);
  const biases = graph.split(
    graph.op('Gemm', [vector, weight(shared, conditioning), graph.floats(Float32Array.from(sharedBias), [sharedBias.length])]),
    Array<number>((2 * c * dilations.length) / width).fill(width),
    1,
  );

  let h = graph.op('MatMul', [x, weight(tensor('input.weight'), 1)]);
  const activations: Value[] = [];
  dilations.forEach((dilation, layer) => {
    let past = pasts.shift()!;
    if (dilation < BLOCK_ROWS) {
      const [head, tail] = graph.split(h, [BLOCK_ROWS - dilation, dilation], 0);
      past = graph.concat([past, head!], 0);
      next.push(tail!);
    } else next.push(...pasts.splice(0, dilation / BLOCK_ROWS - 1), h);

    const matrix = tensor(`${layer}.conv.weight`);
    const both = gatesApart ? graph.concat([past, h], 1) : undefined;
    const gate = (first: number): Value => {
      const bias = biases.shift()!;
      const columns = (tap: number, taps: number): Value =>
        weight(slice(matrix.subarray(tap * c * 2 * c, (tap + taps) * c * 2 * c), 2 * c, first, width), taps * c);
      if (both !== undefined) return graph.op('Gemm', [both, columns(0, 2), bias]);
      return graph.op('Gemm', [h, columns(1, 1), graph.op('Gemm', [past, columns(0, 1), bias])]);
    };
    const [tanh, sigmoid] = gatesApart ? [gate(0), gate(c)] : graph.split(gate(0), [c, c], 1);
    const activation = graph.op('Mul', [graph.op('Tanh', [tanh!]), graph.op('Sigmoid', [sigmoid!])]);
    activations.push(activation);
    if (layer < dilations.length - 1) h = graph.op('Gemm', [activation, weight(tensor(`${layer}.residual.weight`), c), h]);
  });
  const skip = graph.op('Sum', activations);
  graph.output(graph.op('Gemm', [skip, weight(tensor('head.weight'), c), graph.floats(tensor('head.bias'), [1])]), 'y', [BLOCK_ROWS, 1]);
  graph.output(graph.concat(next, 0), 'next', [pastRows, c]);
  return { bytes: graph.encode(proto), state };
}

/** The gates' bias, and what the offset adds to both taps: bias + (W past + W current) offset. */
function gateBias(matrix: Float32Array, bias: Float32Array, offset: Offset): Float64Array {
  const c = offset.length;
  return Float64Array.from(bias, (b, g) => {
    for (let i = 0; i < 2 * c; i++) b += matrix[i * 2 * c + g]! * offset[i % c]!;
    return b;
  });
}

/** `count` columns from `first` on of rows of `width`. */
function slice(matrix: Float32Array, width: number, first: number, count: number): Float32Array {
  const rows = matrix.length / width;
  const out = new Float32Array(rows * count);
  for (let row = 0; row < rows; row++) out.set(matrix.subarray(row * width + first, row * width + first + count), row * count);
  return out;
}

/** One matrix of `rows` rows from several. */
function sideBySide(matrices: readonly Float32Array[], rows: number): Float32Array {
  const out = new Float32Array(matrices.reduce((sum, matrix) => sum + matrix.length, 0));
  let at = 0;
  for (let row = 0; row < rows; row++) {
    for (const matrix of matrices) {
      const width = matrix.length / rows;
      out.set(matrix.subarray(row * width, (row + 1) * width), at);
      at += width;
    }
  }
  return out;
}
