/** Modules of other makes, as the text that a site serves. */

/** A Web Audio Module without the SDK; `make` gives its node from `context`. */
function plainModule(name: string, make: string): string {
  return `
    export default class {
      static isWebAudioModuleConstructor = true;
      static async createInstance(groupId, audioContext) {
        const module = { isWebAudioModule: true, initialized: true, groupId, audioContext, moduleId: 'test.plain', instanceId: crypto.randomUUID() };
        module.descriptor = { name: ${JSON.stringify(name)}, vendor: 'Test' };
        const context = audioContext;
        const node = await (async () => { ${make} })();
        let state = {};
        module.audioNode = Object.assign(node, {
          module,
          getState: async () => state,
          setState: async (next) => { state = next; },
          destroy: () => {},
        });
        module.createGui = async () => undefined;
        module.destroyGui = () => {};
        return module;
      }
    }`;
}

export const MODULES: Readonly<Record<string, string>> = {
  // Its worklet comes by an address, so that a strict policy lets it.
  '/effects/half.js': plainModule('Half', `await context.audioWorklet.addModule('/effects/half-worklet.js'); return new AudioWorkletNode(context, 'half');`),
  '/effects/half-worklet.js': `registerProcessor('half', class extends AudioWorkletProcessor {
    process([input], [output]) { input.forEach((channel, c) => channel.forEach((x, n) => { if (output[c]) output[c][n] = x / 2; })); return true; }
  });`,
  '/effects/nan.js': plainModule('Broken', `await context.audioWorklet.addModule('/effects/nan-worklet.js'); return new AudioWorkletNode(context, 'nan');`),
  '/effects/nan-worklet.js': `registerProcessor('nan', class extends AudioWorkletProcessor {
    process(inputs, [output]) { for (const channel of output) channel.fill(NaN); return true; }
  });`,
  // Breaks every promise but that it lets sound through.
  '/effects/stubborn.js': `${plainModule('Stubborn', 'return new GainNode(context);')}`.replace('getState: async () => state', "getState: () => { throw new Error('no state'); }").replace(
    'module.createGui = async () => undefined;\n        module.destroyGui = () => {};',
    `module.createGui = async () => {
          globalThis.made = (globalThis.made ?? 0) + 1;
          await new Promise((passed) => setTimeout(passed, 400));
          return document.createElement('hr');
        };
        module.destroyGui = () => {
          globalThis.destroyed = (globalThis.destroyed ?? 0) + 1;
          throw new Error('not now');
        };`,
  ),
  '/effects/refuses.js': plainModule('Refuses', `throw new Error('no licence');`),
  '/effects/source.js': plainModule('Source', 'return new ConstantSourceNode(context);'),
  '/effects/nothing.js': 'export const answer = 42;',
  '/effects/syntax.js': 'export default class {',
  // Decoders that never are ready, and that play what is no number.
  '/effects/asleep.js': `export default { format: 'anypiano-decoder/1', name: 'Asleep', vendor: 'Test', processor: { url: 'asleep-worklet.js', name: 'asleep-decoder' } };`,
  '/effects/asleep-worklet.js': `registerProcessor('asleep-decoder', class extends AudioWorkletProcessor { process() { return true; } });`,
  '/effects/wild.js': `export default { format: 'anypiano-decoder/1', name: 'Wild', vendor: 'Test', processor: { url: 'wild-worklet.js', name: 'wild-decoder' } };`,
  '/effects/wild-worklet.js': `registerProcessor('wild-decoder', class extends AudioWorkletProcessor {
    constructor() {
      super();
      this.playing = false;
      this.port.onmessage = ({ data }) => {
        if (data.type === 'noteOn') this.playing = true;
        if ('id' in data) this.port.postMessage({ type: 'answer', id: data.id, problem: undefined });
      };
      this.port.postMessage({ type: 'ready', latencySeconds: 0 });
    }
    process(inputs, [output]) { if (this.playing) for (const channel of output) channel.fill(NaN); return true; }
  });`,
  // Another decoder: every key is a sine of 1 kHz, as loud as it is struck.
  '/effects/sine.js': `export default { format: 'anypiano-decoder/1', name: 'Sine', vendor: 'Test', processor: { url: 'sine-worklet.js', name: 'sine-decoder' } };`,
  '/effects/sine-worklet.js': `registerProcessor('sine-decoder', class extends AudioWorkletProcessor {
    constructor({ processorOptions: { style, realTime } }) {
      super();
      this.level = 0;
      this.phase = 0;
      this.port.onmessage = ({ data }) => {
        if (data.type === 'noteOn') this.level = data.velocity / 10;
        if (data.type === 'noteOff' || data.type === 'panic') this.level = 0;
        if (data.type === 'noteOn' && data.note === 108) this.port.postMessage({ type: 'error', message: 'too high', stopped: true });
        if ('id' in data) this.port.postMessage({ type: 'answer', id: data.id, problem: undefined });
      };
      if (style.embedding.length === 0 || !realTime) throw new Error('not as promised');
      this.port.postMessage({ type: 'ready', latencySeconds: 0 });
    }
    process(inputs, [[left, right]]) {
      for (let n = 0; n < left.length; n++) right[n] = left[n] = this.level * Math.sin((this.phase += (2 * Math.PI * 1000) / sampleRate));
      return true;
    }
  });`,
};
