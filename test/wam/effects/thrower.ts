/** An effect that works for a moment, and then throws where it computes. */
import type { WebAudioModule as Module } from '@webaudiomodules/api';
import { WamNode, WebAudioModule, addFunctionModule } from '@webaudiomodules/sdk';

function registerThrower(moduleId: string): void {
  const audio = globalThis as unknown as {
    registerProcessor(name: string, processor: unknown): void;
    readonly webAudioModules: { getModuleScope(id: string): { readonly WamProcessor: new (options: object) => object } };
  };
  const { WamProcessor } = audio.webAudioModules.getModuleScope(moduleId);
  class Thrower extends WamProcessor {
    blocks = 0;

    _process(_start: number, _end: number, [input]: Float32Array[][], [output]: Float32Array[][]): void {
      if (++this.blocks > 100) throw new Error('out of gas');
      input!.forEach((channel, c) => output![c]?.set(channel));
    }
  }
  audio.registerProcessor(moduleId, Thrower);
}

export default class ThrowerModule extends WebAudioModule {
  constructor(groupId: string, audioContext: BaseAudioContext) {
    super(groupId, audioContext);
    Object.assign(this.descriptor, { identifier: 'test.thrower', name: 'Thrower', vendor: 'Test' });
  }

  override async createAudioNode(): Promise<WamNode> {
    await WamNode.addModules(this.audioContext, this.moduleId);
    await addFunctionModule(this.audioContext.audioWorklet, registerThrower, this.moduleId);
    const node = new WamNode(this as unknown as Module, { processorOptions: {} });
    await node._initialize();
    return node;
  }
}
