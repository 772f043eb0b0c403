/** ONNX Runtime in Node: native code, one thread. */
import type { Network } from '../network.ts';
import { onnxModel } from './onnx-model.ts';
import type { OnnxProto } from './onnx-graph.ts';
import { OnnxNetwork, type OnnxRuntime } from './onnx-network.ts';
import { loadPeer } from './packages.ts';

export async function createNativeNetwork(channels: number): Promise<Network> {
  const { bytes, state } = onnxModel(loadPeer<OnnxProto>('onnx-proto'), channels);
  return OnnxNetwork.create(loadPeer<OnnxRuntime>('onnxruntime-node'), bytes, channels, state, { provider: 'cpu', outputsHavePlaces: true });
}
