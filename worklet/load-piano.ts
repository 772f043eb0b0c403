import type { Tier } from '../model/spec.ts';
import { parseStyle, type Style } from '../model/style.ts';
import { parseWeights, type Weights } from '../model/weights.ts';
import { packageFile } from './package-files.ts';
import { fileName, request } from './request.ts';

/** File of each tier's weights. */
export const WEIGHT_FILES: Readonly<Record<Tier, string>> = { standard: 'model.safetensors', small: 'small.safetensors' };

/**
 * The weights and one of the pianos that come with the package, for `PianoNode.create`.
 *
 * ```ts
 * const piano = await PianoNode.create(context, await loadPiano('upright-kw'));
 * ```
 *
 * @param id as in `pretrained/styles/index.json`
 * @param tier size of the model: `small` is for phones
 * @throws InputError if a file cannot be loaded, Error if there is no such piano
 */
export async function loadPiano(id: string, tier: Tier = 'standard'): Promise<{ weights: Weights; style: Style }> {
  const [weights, style] = [packageFile(`pretrained/${WEIGHT_FILES[tier]}`), packageFile(`pretrained/styles/${id}.json`)];
  const [bytes, text] = await Promise.all([request(weights).then((file) => file.arrayBuffer()), request(style).then((file) => file.text())]);
  return { weights: parseWeights(new Uint8Array(bytes), fileName(weights)), style: parseStyle(text, fileName(style)) };
}
