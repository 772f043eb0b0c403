/** The TensorFlow.js backend of the browser: the GPU where there is one, else WebAssembly. */
import * as tf from '@tensorflow/tfjs-core';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import '../train/tensorflow.ts';

async function hasGpu(): Promise<boolean> {
  const { gpu } = navigator as { gpu?: GPU };
  return Boolean(await gpu?.requestAdapter().catch(() => null));
}

/**
 * @param folder where `tfjs-backend-wasm-simd.wasm` lies; ends in a slash
 * @throws Error where neither starts
 */
export async function startBrowserBackend(folder: URL): Promise<'webgpu' | 'wasm'> {
  if (await hasGpu()) {
    await import('@tensorflow/tfjs-backend-webgpu');
    if (await tf.setBackend('webgpu')) return 'webgpu';
  }
  setWasmPaths(folder.href);
  if (!(await tf.setBackend('wasm'))) throw new Error('This browser has no WebAssembly SIMD, which listening needs.');
  await tf.ready();
  return 'wasm';
}
