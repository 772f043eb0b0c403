/** Runs in the page: the piano under test, with weights and style that the benchmark serves. */
import { parseStyle, type Style } from '../../model/style.ts';
import { parseWeights, type Weights } from '../../model/weights.ts';
import { PianoNode } from '../../worklet/node.ts';

export const LOWEST_KEY = 24;
export const HIGHEST_KEY = 87;

export const wait = (milliseconds: number): Promise<void> => new Promise((passed) => setTimeout(passed, milliseconds));

export async function fetchPiano(): Promise<{ weights: Weights; style: Style }> {
  const [weights, style] = await Promise.all(['/weights.safetensors', '/style.json'].map((path) => fetch(path)));
  return {
    weights: parseWeights(new Uint8Array(await weights!.arrayBuffer()), 'weights.safetensors'),
    style: parseStyle(await style!.text(), 'style.json'),
  };
}

/** A piano that is connected to the context's destination. */
export async function createNode(context: BaseAudioContext): Promise<PianoNode> {
  const node = await PianoNode.create(context, { ...(await fetchPiano()), baseUrl: location.href });
  node.connect(context.destination);
  return node;
}

/** Keys for `count` strikes, evenly spread; above 64 they come around again. */
export function keysFor(count: number): number[] {
  const span = HIGHEST_KEY - LOWEST_KEY;
  const different = Math.min(count, span + 1);
  const step = span / Math.max(1, different - 1);
  return Array.from({ length: count }, (_, i) => (count === 1 ? 60 : Math.round(LOWEST_KEY + (i % different) * step)));
}
