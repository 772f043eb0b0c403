/** The TensorFlow.js backends of the browser: the GPU, and WebAssembly. */
import * as tf from '@tensorflow/tfjs-core';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import '../train/tensorflow.ts';

async function hasGpu(): Promise<boolean> {
  const { gpu } = navigator as { gpu?: GPU };
  return Boolean(await gpu?.requestAdapter().catch(() => null));
}

/** Whether the GPU serves from now on. */
export async function startGpu(): Promise<boolean> {
  if (!(await hasGpu())) return false;
  await import('@tensorflow/tfjs-backend-webgpu');
  return tf.setBackend('webgpu').catch(() => false);
}

/**
 * @param binary address of `tfjs-backend-wasm-simd.wasm`
 * @throws Error where it does not start
 */
export async function startWasm(binary: string): Promise<void> {
  // The backend wants to know of all its builds, and takes this one where threads are not to be had.
  setWasmPaths({ 'tfjs-backend-wasm.wasm': binary, 'tfjs-backend-wasm-simd.wasm': binary, 'tfjs-backend-wasm-threaded-simd.wasm': binary });
  if (!(await tf.setBackend('wasm'))) throw new Error('This browser has no WebAssembly SIMD, which listening needs.');
  await tf.ready();
}
