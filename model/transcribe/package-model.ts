/** Basic Pitch from the files that the build puts beside the command line, or from those of its package, in Node. */
import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BasicPitchFiles } from './basic-pitch.ts';
import { createBasicPitchTranscriber } from './basic-pitch-transcriber.ts';
import type { Transcriber } from './transcriber.ts';

export async function basicPitchFiles(): Promise<BasicPitchFiles> {
  const built = fileURLToPath(new URL('../basic-pitch/model.json', import.meta.url));
  const path = existsSync(built) ? built : createRequire(import.meta.url).resolve('@spotify/basic-pitch/model/model.json');
  const model = JSON.parse(await readFile(path, 'utf8')) as BasicPitchFiles['model'];
  const weights = await readFile(join(dirname(path), 'group1-shard1of1.bin'));
  return { model, weights: Uint8Array.from(weights).buffer };
}

/** A TensorFlow.js backend has to be ready. */
export async function loadBasicPitch(): Promise<Transcriber> {
  return createBasicPitchTranscriber(await basicPitchFiles());
}
