/** From one tier of a model to a smaller one: the same note network, without the partials, or the knocks, that the smaller does not sound. */
import { rawOffsets, type RawOffsets } from '../controls.ts';
import { noteOutputSize, type Spec } from '../spec.ts';

/** Groups of the note network's output with one number for each partial. */
const OF_PARTIALS: readonly (keyof RawOffsets)[] = ['level', 'promptShare', 'promptRate', 'aftersoundRatio', 'detune'];

/** Whether the note network of `to` is that of `from` with no more partials, and the same knocks or none. */
export function canCut(from: Spec, to: Spec): boolean {
  const kept = (spec: Spec): string =>
    JSON.stringify({ ...spec, tier: '', strings: { ...spec.strings, partials: 0 }, knock: { ...spec.knock, waves: 0 }, waveNet: { voiceFeatures: spec.waveNet.voiceFeatures }, generator: undefined });
  const knocks = to.knock.waves === 0 || to.knock.waves === from.knock.waves;
  return knocks && kept(from) === kept(to) && to.strings.partials <= from.strings.partials;
}

/** The last layer of the note network, weights `[rows, outputs]` or biases, with the outputs that `to` has. */
export function cutOutputs(from: Spec, to: Spec, values: Float32Array): Float32Array {
  const width = noteOutputSize(from);
  const columns = outputColumns(from, to);
  const rows = values.length / width;
  const cut = new Float32Array(rows * columns.length);
  for (let row = 0; row < rows; row++) columns.forEach((column, i) => (cut[row * columns.length + i] = values[row * width + column]!));
  return cut;
}

/** Outputs of `from` in the order of `to`. */
function outputColumns(from: Spec, to: Spec): number[] {
  const offsets = rawOffsets(from);
  const partials = OF_PARTIALS.flatMap((name) => Array.from({ length: to.strings.partials }, (_, k) => offsets[name] + k));
  const others = Array.from({ length: noteOutputSize(to) - rawOffsets(to).strikeLevel }, (_, i) => offsets.strikeLevel + i);
  return [...partials, ...others];
}
