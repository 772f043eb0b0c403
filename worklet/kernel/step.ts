/**
 * The WaveNet row by row, as an autoregressive network has to run: each row waits for the one before.
 *
 * Here nothing shares the loads of the weights, so that they and not the multiply-adds are the limit.
 */
import { dense } from './ends';
import { Layer, Net, makeRoom } from './net';
import { pairedGates } from './paired-gates';
import { pairedResidual } from './paired-residual';
import { product } from './product';
import { gate } from './simd';

/** Computes one row: `input` is `[inputs]`, `output` `[outputs rounded up to 4]`. */
export function step(net: Net, input: usize, output: usize): void {
  const channels = net.channels;
  const stride = <usize>channels << 2;
  const activation = net.activation;
  const skip = net.skip;
  const layerSize = offsetof<Layer>();
  const last = net.layers + <usize>(net.layerCount - 1) * layerSize;

  let layer = changetype<Layer>(net.layers);
  makeRoom(layer, 1, stride);
  let current = layer.queue + <usize>layer.cursor * stride;
  dense(input, net.inputs, net.inputWeight, net.inputBias, current, channels, 1);
  for (let at = skip; at < skip + stride; at += 16) v128.store(at, f32x4.splat(0));
  for (let at = net.layers; at <= last; at += layerSize) {
    layer = changetype<Layer>(at);
    layer.cursor++;
    const past = current - <usize>layer.dilation * stride;
    if (layer.pairedGateWeight) pairedGates(past, current, stride, layer.pairedGateWeight, layer.gateBias, activation, skip);
    else gates(past, current, layer, channels, activation, skip);
    // The last layer's residual output is unused.
    if (at == last) break;
    const following = changetype<Layer>(at + layerSize);
    makeRoom(following, 1, stride);
    const next = following.queue + <usize>following.cursor * stride;
    if (layer.pairedResidualWeight) pairedResidual(activation, stride, layer.pairedResidualWeight, layer.residualBias, current, next);
    else residual(activation, layer, channels, current, next);
    current = next;
  }
  dense(skip, channels, net.headWeight, net.headBias, output, (net.outputs + 3) & ~3, 1);
}

/** Gated activations of one row from weights in floats, to `activation` and added to `skip`. */
function gates(past: usize, current: usize, layer: Layer, channels: i32, activation: usize, skip: usize): void {
  const stride = <usize>channels << 2;
  const sums = activation + stride;
  product(past, current, stride, layer.gateWeight, channels >> 1, layer.gateBias, sums);
  for (let o: usize = 0; o < stride; o += 16) {
    const g = gate(v128.load(sums + (o << 1), 0), v128.load(sums + (o << 1), 16));
    v128.store(activation + o, g);
    v128.store(skip + o, f32x4.add(v128.load(skip + o), g));
  }
}

/** What the row passes on, from weights in floats. */
function residual(activation: usize, layer: Layer, channels: i32, current: usize, next: usize): void {
  const stride = <usize>channels << 2;
  for (let o: usize = 0; o < stride; o += 16) v128.store(next + o, f32x4.add(v128.load(layer.residualBias + o), v128.load(current + o)));
  product(activation, 0, stride, layer.residualWeight, channels >> 2, next, next);
}
