/** The order and scale in which the kernel wants a WaveNet's matrices; `worklet/kernel/net.ts` has the layouts. */
import type { WaveNetShape } from '../../model/wavenet-shape.ts';
import { pairVectors, unpairVectors } from './paired-weights.ts';

/** Where column g of a layer's `2 channels` gates, tanh before sigmoid, stands in the kernel's order. */
export function gateColumn(g: number, channels: number): number {
  const channel = g % channels;
  const sigmoid = g < channels ? 0 : 4;
  return Math.floor(channel / 4) * 8 + sigmoid + (channel % 4);
}

/** The kernel's gates take half of the sigmoid's input ... */
export function gateScale(g: number, channels: number): number {
  return g < channels ? 1 : 0.5;
}

/** ... and give twice the activation: what follows them has half the weights. Powers of two change no digit. */
export function halved(weight: Float32Array): Float32Array {
  return weight.map((w) => 0.5 * w);
}

/** Copies rows of `width` values into rows of `paddedWidth`. */
export function copyMatrix(from: Float32Array, width: number, to: Float32Array, paddedWidth: number): void {
  for (let row = 0; row * width < from.length; row++) {
    to.set(from.subarray(row * width, (row + 1) * width), row * paddedWidth);
  }
}

/** Calls `visit` with each gate weight's index in the tensor `[2 taps, channels, 2 channels]`, its place in the kernel's order, and its scale there. */
function eachGate(channels: number, padded: number, visit: (index: number, place: number, scale: number) => void): void {
  for (let tap = 0; tap < 2; tap++) {
    for (let i = 0; i < channels; i++) {
      for (let g = 0; g < 2 * channels; g++) {
        visit((tap * channels + i) * 2 * channels + g, (tap * padded + i) * 2 * padded + gateColumn(g, channels), gateScale(g, channels));
      }
    }
  }
}

/** `[2 channels][2 channels]` to `[tap and input][channel vector][tanh vector, sigmoid vector]`, channels padded. */
export function packGates(weight: Float32Array, channels: number, padded: number, packed: Float32Array): void {
  eachGate(channels, padded, (index, place, scale) => {
    packed[place] = scale * weight[index]!;
  });
}

/**
 * The same tensors, those of the layers' matrices rounded so that pairs of 16 bits hold them
 * (`paired-weights.ts`): what a network of `weights: 'paired'` takes. Its channels are a multiple of 8.
 */
export function roundToPairs({ channels, dilations }: WaveNetShape, tensors: ReadonlyMap<string, Float32Array>): Map<string, Float32Array> {
  const rounded = new Map(tensors);
  dilations.forEach((_, layer) => {
    const [gates, residual] = [`wavenet.${layer}.conv.weight`, `wavenet.${layer}.residual.weight`];
    const packed = new Float32Array(4 * channels * channels);
    packGates(tensors.get(gates)!, channels, channels, packed);
    const places = roundVectors(packed);
    const gateWeight = new Float32Array(packed.length);
    eachGate(channels, channels, (index, place, scale) => {
      gateWeight[index] = places[place]! / scale;
    });
    rounded.set(gates, gateWeight);
    rounded.set(residual, roundVectors(halved(tensors.get(residual)!)).map((w) => 2 * w));
  });
  return rounded;
}

function roundVectors(packed: Float32Array): Float32Array {
  const words = new Uint32Array(packed.length / 2);
  pairVectors(packed, words);
  const rounded = new Float32Array(packed.length);
  unpairVectors(words, rounded);
  return rounded;
}
