/**
 * The WaveNet decoder: gated dilated causal convolutions (van den Oord et al. 2016), a run of rows at a time.
 *
 * Time-major: a row holds all channels of one time step, and vectors run across output channels.
 */
import { dense } from './ends';
import { Layer, Net, RUN, makeRoom } from './net';
import { step } from './step';
import { gateFour, residualFour } from './tile4';
import { gateSix, residualSix } from './tile6';

/**
 * Computes `rows` rows: `input` is `[rows][inputs]`, `output` `[rows][outputs rounded up to 4]`.
 * Any number of rows gives the same samples as one row at a time, up to rounding.
 */
export function waveNet(address: usize, input: usize, output: usize, rows: i32): void {
  const net = changetype<Net>(address);
  const inputStride = <usize>net.inputs << 2;
  const outputStride = (<usize>(net.outputs + 3) & ~3) << 2;
  while (rows > 0) {
    const run = wholeTiles(min(rows, RUN));
    if (run > 0) runLayers(net, input, output, run);
    else step(net, input, output);
    const done = max(run, 1);
    input += <usize>done * inputStride;
    output += <usize>done * outputStride;
    rows -= done;
  }
}

/** As many of `rows` rows as tiles of six and four can take. */
function wholeTiles(rows: i32): i32 {
  if (ASC_FEATURE_RELAXED_SIMD) return rows < 4 ? 0 : rows & ~1;
  return rows & ~3;
}

function runLayers(net: Net, input: usize, output: usize, rows: i32): void {
  const stride = <usize>net.channels << 2;
  const layerSize = offsetof<Layer>();
  const last = net.layers + <usize>(net.layerCount - 1) * layerSize;
  for (let at = net.layers; at <= last; at += layerSize) makeRoom(changetype<Layer>(at), rows, stride);

  const first = changetype<Layer>(net.layers);
  dense(input, net.inputs, net.inputWeight, net.inputBias, first.queue + <usize>first.cursor * stride, net.channels, rows);
  for (let at = net.skip, end = at + <usize>rows * stride; at < end; at += 16) v128.store(at, f32x4.splat(0));
  for (let at = net.layers; at <= last; at += layerSize) {
    const layer = changetype<Layer>(at);
    // The last layer's residual output is unused.
    const next = at < last ? changetype<Layer>(at + layerSize) : null;
    runLayer(net, layer, next ? next.queue + <usize>next.cursor * stride : 0, rows, stride);
  }
  for (let at = net.layers; at <= last; at += layerSize) changetype<Layer>(at).cursor += rows;
  dense(net.skip, net.channels, net.headWeight, net.headBias, output, (net.outputs + 3) & ~3, rows);
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
    } else {
      gateFour(past, current, weight, bias, activation, skip, channels);
      if (next) residualFour(activation, current, layer.residualWeight, layer.residualBias, next, channels);
    }
    const length = <usize>tile * stride;
    current += length;
    past += length;
    skip += length;
    if (next) next += length;
    left -= tile;
  }
}

/** Six rows use 15 registers with fused multiply-add and would spill without; eight rows are two fours. */
function tileRows(left: i32): i32 {
  if (ASC_FEATURE_RELAXED_SIMD) {
    if (left >= 6 && left != 8) return 6;
  }
  return 4;
}
