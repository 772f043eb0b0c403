/** An effect in the convention of the WAM examples: the SDK's node, and a processor that travels as the text of a function. It hands MIDI on. */
import type { WamEvent, WamMidiData, WamParameterInfoMap, WebAudioModule as Module } from '@webaudiomodules/api';
import { WamNode, WebAudioModule, addFunctionModule } from '@webaudiomodules/sdk';

interface Scope {
  readonly WamProcessor: new (options: object) => object;
  readonly WamParameterInfo: new (id: string, configuration: object) => WamParameterInfoMap[string];
}

/** Stands on the audio thread by itself: it may name nothing from outside. */
function registerGain(moduleId: string): void {
  const audio = globalThis as unknown as {
    registerProcessor(name: string, processor: unknown): void;
    readonly currentTime: number;
    readonly webAudioModules: { getModuleScope(id: string): Scope };
  };
  const { WamProcessor, WamParameterInfo } = audio.webAudioModules.getModuleScope(moduleId);
  interface Base {
    readonly _parameterInterpolators: Record<string, { readonly values: Float32Array }>;
    emitEvents(...events: WamEvent[]): void;
  }
  class GainProcessor extends WamProcessor {
    _generateWamParameterInfo(): WamParameterInfoMap {
      return { gain: new WamParameterInfo('gain', { type: 'float', label: 'Gain', defaultValue: 0.5, minValue: 0, maxValue: 2 }) };
    }

    _onMidi(data: WamMidiData): void {
      (this as unknown as Base).emitEvents({ type: 'wam-midi', time: audio.currentTime, data });
    }

    _process(start: number, end: number, [input]: Float32Array[][], [output]: Float32Array[][]): void {
      const gain = (this as unknown as Base)._parameterInterpolators['gain']!.values;
      output!.forEach((channel, c) => {
        for (let n = start; n < end; n++) channel[n] = (input![c]?.[n] ?? 0) * gain[n]!;
      });
    }
  }
  try {
    audio.registerProcessor(moduleId, GainProcessor);
  } catch {
    // A second instance finds the name taken.
  }
}

class GainNode extends WamNode {
  constructor(module: Module) {
    super(module, { numberOfInputs: 1, numberOfOutputs: 1, outputChannelCount: [2], processorOptions: {} });
  }
}

export default class Gain extends WebAudioModule {
  constructor(groupId: string, audioContext: BaseAudioContext) {
    super(groupId, audioContext);
    Object.assign(this.descriptor, { identifier: 'test.gain', name: 'Gain', vendor: 'Test' });
  }

  override async createAudioNode(): Promise<GainNode> {
    await WamNode.addModules(this.audioContext, this.moduleId);
    await addFunctionModule(this.audioContext.audioWorklet, registerGain, this.moduleId);
    const node = new GainNode(this as unknown as Module);
    await node._initialize();
    return node;
  }

  override async initialize(state?: unknown): Promise<this> {
    await super.initialize();
    if (state !== undefined) await this.audioNode.setState(state);
    return this;
  }

  override createGui(): Promise<Element> {
    const label = document.createElement('label');
    const input = document.createElement('input');
    Object.assign(input, { type: 'range', min: '0', max: '2', step: '0.01', value: '0.5' });
    input.addEventListener('input', () => {
      void this.audioNode.setParameterValues({ gain: { id: 'gain', value: Number(input.value), normalized: false } });
    });
    label.append('Gain', input);
    return Promise.resolve(label);
  }

  override destroyGui(gui: Element): void {
    gui.remove();
  }
}
