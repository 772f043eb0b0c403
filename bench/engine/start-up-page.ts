/** Runs in the page before all else: notes when the parts of a page with `<any-piano>` are there. */
import type { AnyPiano } from '../../ui/any-piano.ts';
import { ONSET_PROCESSOR, type Onset } from './onset-processor.ts';

/** Milliseconds since the navigation began, but for `kernelCompile`. */
export interface StartUp {
  /** `anypiano.js` has come. */
  readonly script: number;
  readonly weights: number;
  /** How long the page compiled the kernel; the audio thread does so once more, which counts to `ready`. */
  readonly kernelCompile: number;
  /** `piano-ready`: the node exists and has warmed up. */
  readonly ready: number;
  /** The processor's block with the first sound of a note that was struck as soon as the piano was ready. */
  readonly firstSound: number;
}

let kernelCompile = 0;
const compile = WebAssembly.compile.bind(WebAssembly);
WebAssembly.compile = async (bytes: BufferSource): Promise<WebAssembly.Module> => {
  const start = performance.now();
  const module = await compile(bytes);
  kernelCompile += performance.now() - start;
  return module;
};

const arrival = (name: string): number => {
  const entry = performance.getEntriesByType('resource').find((resource) => resource.name.endsWith(name));
  return (entry as PerformanceResourceTiming).responseEnd;
};

const startUp = new Promise<StartUp>((resolve, reject) => {
  addEventListener('piano-error', (event) => reject(new Error((event as CustomEvent<string>).detail)));
  addEventListener('piano-ready', (event) => {
    const ready = performance.now();
    const piano = event.target as AnyPiano;
    const node = piano.node!;
    // The listener came along in the file of the processor.
    const listener = new AudioWorkletNode(node.context, ONSET_PROCESSOR, { numberOfOutputs: 0 });
    listener.port.onmessage = ({ data }: MessageEvent<Onset>): void =>
      resolve({
        script: arrival('/anypiano.js'),
        weights: arrival('/model.safetensors'),
        kernelCompile,
        ready,
        firstSound: data.wallMilliseconds - performance.timeOrigin,
      });
    node.connect(listener);
    piano.noteOn(60);
  });
});
Object.assign(globalThis, { startUp });
