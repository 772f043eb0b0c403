/**
 * The TensorFlow.js backends of training: WebGPU through Dawn, WebAssembly, or plain JavaScript.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../input-error.ts';
import './tensorflow.ts';

export const BACKENDS = ['webgpu', 'wasm', 'cpu'] as const;
export type Backend = (typeof BACKENDS)[number];

const require = createRequire(import.meta.url);

async function tryWebGpu(): Promise<boolean> {
  try {
    const { create, globals } = require('webgpu') as { create(flags: string[]): GPU; globals: object };
    Object.assign(globalThis, globals);
    const gpu = create([]);
    if (!(await gpu.requestAdapter())) return false;
    Object.defineProperty(globalThis, 'navigator', { value: { gpu, userAgent: 'node' }, configurable: true });
    await import('@tensorflow/tfjs-backend-webgpu');
    return await tf.setBackend('webgpu');
  } catch {
    return false;
  }
}

async function startWasm(): Promise<boolean> {
  const wasm = await import('@tensorflow/tfjs-backend-wasm');
  // The build puts it beside the command line.
  const built = fileURLToPath(new URL('../tfjs-backend-wasm-simd.wasm', import.meta.url));
  const folder = dirname(existsSync(built) ? built : require.resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm'));
  wasm.setWasmPaths(`${folder}/`);
  return tf.setBackend('wasm');
}

/**
 * Starts a backend and says which one runs; `auto` takes a GPU where there is one, else WebAssembly.
 * Throws InputError when the one asked for cannot start.
 */
export async function startBackend(wanted: Backend | 'auto'): Promise<Backend> {
  let started: Backend | undefined;
  if ((wanted === 'webgpu' || wanted === 'auto') && (await tryWebGpu())) started = 'webgpu';
  else if ((wanted === 'wasm' || wanted === 'auto') && (await startWasm())) started = 'wasm';
  else if (wanted === 'cpu') {
    await import('@tensorflow/tfjs-backend-cpu');
    if (await tf.setBackend('cpu')) started = 'cpu';
  }
  if (!started) throw new InputError(`--backend ${wanted}`, 'this backend does not start on this machine');
  await tf.ready();
  return started;
}
