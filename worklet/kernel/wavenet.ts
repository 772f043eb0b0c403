/**
 * The WaveNet decoder: gated dilated causal convolutions (van den Oord et al. 2016), a run of rows at a time.
 *
 * Time-major: a row holds all channels of one time step, and vectors run across output channels.
 * `channels` is a multiple of 8; the host pads with zero weights.
 */
import { madd } from './simd';
import { gateOne, residualOne } from './tile1';
import { gateFour, residualFour } from './tile4';
import { gateSix, residualSix } from './tile6';

/** Most rows that one run of the layers takes; `skip` has room for these. */
const RUN: i32 = 128;

/** What the host writes for a network; addresses in bytes. */
@unmanaged
class Net {
  channels: i32;
  /** Samples folded into one row. */
  fold: i32;
  layerCount: i32;
  /** First of the layers. */
  layers: usize;
  /** `[fold][channels]`, then the bias. */
  inputWeight: usize;
  inputBias: usize;
  /** `[channels][4 * vectors]`, then the bias; `fold` rounded up to vectors. */
  headWeight: usize;
  headBias: usize;
  /** Twice the sum of the gated activations, `[RUN][channels]`. */
  skip: usize;
  /** Twice the activations of one tile, `[6][channels]`. */
  activation: usize;
}

/** One layer. Its queue is a buffer of rows that slides back to the start when it is full, so that no run wraps. */
@unmanaged
class Layer {
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
}

/**
 * Computes `rows` rows: `input` is `[rows][fold]`, `output` `[rows][fold rounded up to 4]`.
 * Any number of rows gives the same samples as one row at a time, up to rounding.
 */
export function waveNet(address: usize, input: usize, output: usize, rows: i32): void {
  const net = changetype<Net>(address);
  const inputStride = <usize>net.fold << 2;
  const outputStride = (<usize>(net.fold + 3) & ~3) << 2;
  while (rows > 0) {
    const run = min(rows, RUN);
    runLayers(net, input, output, run);
    input += <usize>run * inputStride;
    output += <usize>run * outputStride;
    rows -= run;
  }
}

function runLayers(net: Net, input: usize, output: usize, rows: i32): void {
  const stride = <usize>net.channels << 2;
  const layerSize = offsetof<Layer>();
  const last = net.layers + <usize>(net.layerCount - 1) * layerSize;
  for (let at = net.layers; at <= last; at += layerSize) makeRoom(changetype<Layer>(at), rows, stride);

  const first = changetype<Layer>(net.layers);
  dense(input, net.fold, net.inputWeight, net.inputBias, first.queue + <usize>first.cursor * stride, net.channels, rows);
  for (let at = net.skip, end = at + <usize>rows * stride; at < end; at += 16) v128.store(at, f32x4.splat(0));
  for (let at = net.layers; at <= last; at += layerSize) {
    const layer = changetype<Layer>(at);
    // The last layer's residual output is unused.
    const next = at < last ? changetype<Layer>(at + layerSize) : null;
    runLayer(net, layer, next ? next.queue + <usize>next.cursor * stride : 0, rows, stride);
  }
  for (let at = net.layers; at <= last; at += layerSize) changetype<Layer>(at).cursor += rows;
  dense(net.skip, net.channels, net.headWeight, net.headBias, output, (net.fold + 3) & ~3, rows);
}

function makeRoom(layer: Layer, rows: i32, stride: usize): void {
  if (layer.cursor + rows <= layer.capacity) return;
  const past = <usize>layer.dilation * stride;
  memory.copy(layer.queue, layer.queue + <usize>layer.cursor * stride - past, past);
  layer.cursor = layer.dilation;
}

/** Runs one layer over `rows` rows in tiles, and writes what it passes on to `next`, unless that is 0. */
function runLayer(net: Net, layer: Layer, next: usize, rows: i32, stride: usize): void {
  const activation = net.activation;
  const channels = net.channels;
  const weight = layer.gateWeight;
  const bias = layer.gateBias;
  let current = layer.queue + <usize>layer.cursor * stride;
  let past = current - <usize>layer.dilation * stride;
  let skip = net.skip;
  let left = rows;
  while (left > 0) {
    const tile = tileRows(left);
    if (tile == 6) {
      gateSix(past, current, weight, bias, activation, skip, channels);
      if (next) residualSix(activation, current, layer.residualWeight, layer.residualBias, next, channels);
    } else if (tile == 4) {
      gateFour(past, current, weight, bias, activation, skip, channels);
      if (next) residualFour(activation, current, layer.residualWeight, layer.residualBias, next, channels);
    } else {
      gateOne(past, current, weight, bias, activation, skip, channels);
      if (next) residualOne(activation, current, layer.residualWeight, layer.residualBias, next, channels);
    }
    const step = <usize>tile * stride;
    current += step;
    past += step;
    skip += step;
    if (next) next += step;
    left -= tile;
  }
}

/** Six rows use 15 registers with fused multiply-add and would spill without; eight rows are two fours. */
function tileRows(left: i32): i32 {
  if (ASC_FEATURE_RELAXED_SIMD) {
    if (left >= 6 && left != 8) return 6;
  }
  return left >= 4 ? 4 : 1;
}

/** y = x W + b for `rows` rows of the narrow layers at both ends; `outputs` is a multiple of 4. */
function dense(x: usize, inputs: i32, weight: usize, bias: usize, y: usize, outputs: i32, rows: i32): void {
  const width = <usize>outputs << 2;
  for (let row = 0; row < rows; row++) {
    for (let o: usize = 0; o < width; o += 16) {
      let sum = v128.load(bias + o);
      let w = weight + o;
      for (let i: usize = 0; i < <usize>inputs; i++) {
        sum = madd(v128.load32_splat(x + (i << 2)), v128.load(w), sum);
        w += width;
      }
      v128.store(y + o, sum);
    }
    x += <usize>inputs << 2;
    y += width;
  }
}
