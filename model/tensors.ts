/** Names and shapes of every learned tensor, derived from the spec alone. */
import { NOTE_COUNT, noteInputSize, noteOutputSize, type Spec } from './spec.ts';
import { waveNetShape } from './wavenet-shape.ts';

export interface TensorShape {
  readonly name: string;
  readonly shape: readonly number[];
}

/** Name of the tensor that holds the waveforms of the knock. */
export const KNOCK_WAVES = 'knock.waves';

/**
 * Tensors of the decoder, in file order. Dense weights are `[inputs, outputs]`
 * and apply as `y = x W + b`.
 */
export function decoderTensors(spec: Spec): TensorShape[] {
  const { pitchFeatures, hidden } = spec.noteNetwork;
  const { inputs, outputs, channels: c, dilations, conditioning } = waveNetShape(spec);
  const list: TensorShape[] = [{ name: 'note.pitch', shape: [NOTE_COUNT, pitchFeatures] }];
  const widths = [noteInputSize(spec), ...hidden, noteOutputSize(spec)];
  for (let i = 0; i + 1 < widths.length; i++) {
    list.push(
      { name: `note.${i}.weight`, shape: [widths[i]!, widths[i + 1]!] },
      { name: `note.${i}.bias`, shape: [widths[i + 1]!] },
    );
  }
  // Row-major, one waveform a row.
  if (spec.knock.waves > 0) list.push({ name: KNOCK_WAVES, shape: [spec.knock.waves, spec.knock.samples] });
  list.push({ name: 'wavenet.input.weight', shape: [inputs, c] }, { name: 'wavenet.input.bias', shape: [c] });
  dilations.forEach((_, i) => {
    list.push(
      // Rows 0..c-1 apply to the past tap h[r-d], rows c..2c-1 to h[r]; columns are tanh, then sigmoid.
      { name: `wavenet.${i}.conv.weight`, shape: [2 * c, 2 * c] },
      { name: `wavenet.${i}.conv.bias`, shape: [2 * c] },
      { name: `wavenet.${i}.conditioning.weight`, shape: [conditioning, 2 * c] },
      { name: `wavenet.${i}.residual.weight`, shape: [c, c] },
      { name: `wavenet.${i}.residual.bias`, shape: [c] },
    );
  });
  list.push(
    { name: 'wavenet.head.weight', shape: [c, outputs] },
    { name: 'wavenet.head.bias', shape: [outputs] },
  );
  // What is generated has its level from elsewhere.
  if (spec.generator === undefined) list.push({ name: 'wavenet.gain.weight', shape: [conditioning, 1] }, { name: 'wavenet.gain.bias', shape: [1] });
  return list;
}
