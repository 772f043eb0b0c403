/**
 * Float64 reference of the WaveNet decoder (van den Oord et al. 2016), over whole signals.
 *
 * Deviations from the paper: M samples are folded into the channels of one row;
 * the skip connection is the plain sum of the gated activations; input and
 * output are scaled by the expected level, since tanh cannot fall 60 dB.
 */
import { GAIN_LIMIT } from '../level.ts';
import { conditioningSize, type Spec } from '../spec.ts';
import type { TensorLookup } from './note-network.ts';
import { dense } from './note-network.ts';

/**
 * Rows e of the decoder's output, `[rows][fold]`.
 *
 * @param input normalised excitation, `rows * fold` samples
 * @param conditioning one vector for each tick
 */
export function waveNet(
  spec: Spec,
  tensors: TensorLookup,
  input: ArrayLike<number>,
  conditioning: readonly ArrayLike<number>[],
): Float64Array[] {
  const { fold } = spec.waveNet;
  const rows = Math.floor(input.length / fold);
  const rowsPerTick = spec.tick / fold;
  const tensor = (name: string): ArrayLike<number> => tensors.get(`wavenet.${name}`)!;

  const h = Array.from({ length: rows }, (_, r) => {
    // The row ends at its first output sample: nothing is heard before it is played.
    const window = Array.from({ length: fold }, (_, j) => input[r * fold - fold + 1 + j] ?? 0);
    return dense(window, tensor('input.weight'), tensor('input.bias'));
  });
  const skip = gatedLayers(spec, tensors, h, (r) => conditioning[Math.floor(r / rowsPerTick)]!);
  return skip.map((s) => dense(s, tensor('head.weight'), tensor('head.bias')));
}

/**
 * The gated dilated convolutions: sums of the layers' activations, `[rows][channels]`.
 *
 * @param input rows that enter the first layer; before them all is zero
 * @param conditionOf the conditioning vector of a row
 */
export function gatedLayers(
  spec: Spec,
  tensors: TensorLookup,
  input: readonly Float64Array[],
  conditionOf: (row: number) => ArrayLike<number>,
): Float64Array[] {
  const { channels, dilations } = spec.waveNet;
  const silence = new Float64Array(channels);
  const tensor = (name: string): ArrayLike<number> => tensors.get(`wavenet.${name}`)!;
  const skip = input.map(() => new Float64Array(channels));
  let h = [...input];
  dilations.forEach((dilation, layer) => {
    const shared = new Map<ArrayLike<number>, Float64Array>();
    const sharedOf = (r: number): Float64Array => {
      const c = conditionOf(r);
      const known = shared.get(c) ?? dense(c, tensor(`${layer}.conditioning.weight`), tensor(`${layer}.conv.bias`));
      shared.set(c, known);
      return known;
    };
    h = h.map((current, r) => {
      const past = h[r - dilation] ?? silence;
      const gates = dense([...past, ...current], tensor(`${layer}.conv.weight`), sharedOf(r));
      const activation = Float64Array.from({ length: channels }, (_, c) => {
        return Math.tanh(gates[c]!) / (1 + Math.exp(-gates[channels + c]!));
      });
      activation.forEach((a, c) => (skip[r]![c]! += a));
      const residual = dense(activation, tensor(`${layer}.residual.weight`), tensor(`${layer}.residual.bias`));
      return residual.map((v, c) => v + current[c]!);
    });
  });
  return skip;
}

/** Output gain, a factor, for one conditioning vector. */
export function outputGain(spec: Spec, tensors: TensorLookup, conditioning: ArrayLike<number>): number {
  const weight = tensors.get('wavenet.gain.weight')!;
  let gain = tensors.get('wavenet.gain.bias')![0]!;
  for (let i = 0; i < conditioningSize(spec); i++) gain += conditioning[i]! * weight[i]!;
  return 10 ** (Math.min(GAIN_LIMIT, gain) / 20);
}
