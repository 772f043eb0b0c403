/** ONNX Runtime in Node: native code, one thread. */
import type { Network } from '../network.ts';
import type { OnnxProto } from './onnx-graph.ts';
import { onnxModel } from './onnx-model.ts';
import { OnnxNetwork, type OnnxRuntime } from './onnx-network.ts';
import { loadPeer } from './packages.ts';

/** What creates the native network, unless this machine has no binary: then a line says so. */
export function nativePeer(): ((channels: number) => Promise<Network>) | undefined {
  let runtime: OnnxRuntime;
  try {
    runtime = loadPeer<OnnxRuntime>('onnxruntime-node');
  } catch (error) {
    console.log(`Peers: onnxruntime-node is left out: ${String(error).split('\n')[0]}`);
    return undefined;
  }
  return (channels) => {
    const { bytes, state } = onnxModel(loadPeer<OnnxProto>('onnx-proto'), channels);
    return OnnxNetwork.create(runtime, bytes, channels, state, { provider: 'cpu', outputsHavePlaces: true });
  };
}
