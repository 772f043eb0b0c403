/** ONNX Runtime in the browser: its WebAssembly, SIMD, one thread. */
import type { Network } from '../network.ts';
import { OnnxNetwork, type OnnxRuntime } from './onnx-network.ts';

interface OnnxRuntimeWeb extends OnnxRuntime {
  readonly env: { readonly wasm: { numThreads: number; proxy: boolean; wasmPaths: string } };
}

/** Not bundled: the package need not be there when the rest is. */
const RUNTIME = '/peers/onnx/ort.wasm.min.mjs';

async function load(path: string): Promise<ArrayBuffer> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.arrayBuffer();
}

export async function createNetwork(channels: number): Promise<Network> {
  const runtime = (await import(RUNTIME)) as OnnxRuntimeWeb;
  Object.assign(runtime.env.wasm, { numThreads: 1, proxy: false, wasmPaths: '/peers/onnx/' });
  const [model, state] = await Promise.all([load(`/peers/onnx/${channels}.onnx`), load(`/peers/onnx/${channels}.state`)]);
  const options = { provider: 'wasm', outputsHavePlaces: false } as const;
  return OnnxNetwork.create(runtime, new Uint8Array(model), channels, new Float32Array(state), options);
}
