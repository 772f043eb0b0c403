/** How the host lays a WaveNet out in memory. */

/** Most rows that one run of the layers takes; `skip` has room for these. */
export const RUN: i32 = 128;

/** A network; addresses in bytes. `channels` is a multiple of 8: the host pads with zero weights. */
@unmanaged
export class Net {
  channels: i32;
  /** Numbers that enter and leave one row. */
  inputs: i32;
  outputs: i32;
  layerCount: i32;
  /** First of the layers. */
  layers: usize;
  /** `[inputs][channels]`, then the bias. */
  inputWeight: usize;
  inputBias: usize;
  /** `[channels][4 * vectors]`, then the bias; `outputs` rounded up to vectors. */
  headWeight: usize;
  headBias: usize;
  /** Twice the sum of the gated activations, `[RUN][channels]`. */
  skip: usize;
  /** Twice the activations of one tile, `[6][channels]`; a single row also keeps its sums there. */
  activation: usize;
}

/** One layer. Its queue is a buffer of rows that slides back to the start when it is full, so that no run wraps. */
@unmanaged
export class Layer {
  dilation: i32;
  /** Rows in the queue, at least dilation + RUN. */
  capacity: i32;
  /** Row of the queue that comes next; the `dilation` rows before it are the past. */
  cursor: i32;
  queue: usize;
  /** `[2 * channels inputs][channel vectors][tanh vector, sigmoid vector]`; the past tap's inputs come first. */
  gateWeight: usize;
  /** `[channel vector][tanh vector, sigmoid vector]`: bias plus conditioning, renewed each tick. */
  gateBias: usize;
  /** `[channels inputs][channels]`. */
  residualWeight: usize;
  residualBias: usize;
  /** The same weights as pairs (`worklet/engine/paired-weights.ts`) `[inputs][vectors / 2]`, or 0: for single rows. */
  pairedGateWeight: usize;
  pairedResidualWeight: usize;
}

/** Slides the past back to the start of a layer's queue where `rows` more would not fit. */
export function makeRoom(layer: Layer, rows: i32, stride: usize): void {
  if (layer.cursor + rows <= layer.capacity) return;
  const past = <usize>layer.dilation * stride;
  memory.copy(layer.queue, layer.queue + <usize>layer.cursor * stride - past, past);
  layer.cursor = layer.dilation;
}
