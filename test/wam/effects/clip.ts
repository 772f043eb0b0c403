/** An effect of native nodes, in the convention of the WAM examples: a composite node whose parameters are the SDK's to manage. */
import type { WamNode, WebAudioModule as Module } from '@webaudiomodules/api';
import { WebAudioModule } from '@webaudiomodules/sdk';
import { CompositeAudioNode, ParamMgrFactory } from '@webaudiomodules/sdk-parammgr';

/** What leaves it is not larger. */
const CEILING = 0.02;
const POINTS = 2001;

class ClipNode extends CompositeAudioNode {
  readonly drive: GainNode;

  constructor(context: BaseAudioContext) {
    super(context);
    this.drive = new GainNode(context);
    // Before there is an output, this is the way in.
    this.connect(this.drive);
    const curve = Float32Array.from({ length: POINTS }, (_, i) => Math.max(-CEILING, Math.min(CEILING, (2 * i) / (POINTS - 1) - 1)));
    this._output = new WaveShaperNode(context, { curve });
    this.drive.connect(this._output);
  }

  manage(parameters: WamNode): void {
    this._wamNode = parameters;
  }
}

export default class Clip extends WebAudioModule {
  constructor(groupId: string, audioContext: BaseAudioContext) {
    super(groupId, audioContext);
    Object.assign(this.descriptor, { identifier: 'test.clip', name: 'Clip', vendor: 'Test' });
  }

  override async createAudioNode(initialState?: Record<string, number>): Promise<WamNode> {
    const node = new ClipNode(this.audioContext);
    const parameters = await ParamMgrFactory.create(this as unknown as Module, { paramsConfig: { drive: { defaultValue: 1, minValue: 0, maxValue: 4 } }, internalParamsConfig: { drive: node.drive.gain } });
    node.manage(parameters as unknown as WamNode);
    if (initialState !== undefined) await node.setState(initialState);
    return node as unknown as WamNode;
  }
}
