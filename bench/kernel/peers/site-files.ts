/** What the benchmark's site serves for the peers in the browser. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { bundle } from '../../../test/browser/site.ts';
import type { OnnxProto } from './onnx-graph.ts';
import { onnxModel } from './onnx-model.ts';
import { loadPeer, readPeerFile } from './packages.ts';

type Files = Record<string, string | Uint8Array>;

export async function tfjsFiles(): Promise<Files> {
  const name = 'tfjs-backend-wasm-simd.wasm';
  const path = createRequire(import.meta.url).resolve(`@tensorflow/tfjs-backend-wasm/dist/${name}`);
  return { '/peers/tfjs.js': await bundle('bench/kernel/peers/tfjs.ts'), [`/peers/${name}`]: await readFile(path) };
}

export async function onnxWebFiles(channels: readonly number[]): Promise<Files> {
  const files: Files = { '/peers/onnxruntime-web.js': await bundle('bench/kernel/peers/onnx-web.ts') };
  for (const name of ['ort.wasm.min.mjs', 'ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm']) {
    files[`/peers/onnx/${name}`] = await readPeerFile(`onnxruntime-web/dist/${name}`);
  }
  for (const count of channels) {
    const { bytes, state } = onnxModel(loadPeer<OnnxProto>('onnx-proto'), count);
    files[`/peers/onnx/${count}.onnx`] = bytes;
    files[`/peers/onnx/${count}.state`] = new Uint8Array(state.buffer);
  }
  return files;
}
