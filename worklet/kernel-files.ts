/** Loading what the audio thread runs: the processor, and one of two builds of the kernel. */
import type { FindFile } from './package-files.ts';
import { request } from './request.ts';

export const PROCESSOR_FILE = 'anypiano-processor.js';
const RELAXED_KERNEL = 'anypiano-relaxed.wasm';
const PLAIN_KERNEL = 'anypiano-plain.wasm';

/** A kernel, and the bytes that it was compiled from. */
export interface LoadedKernel {
  readonly bytes: ArrayBuffer;
  readonly module: WebAssembly.Module;
}

/** A script for the audio thread, and the name under which it registers a processor. */
export interface ProcessorScript {
  readonly url: URL;
  readonly name: string;
}

/** Makes a processor known to a context. @throws Error with a sentence if it cannot be loaded */
export async function addProcessor({ audioWorklet }: BaseAudioContext, url: URL): Promise<void> {
  try {
    await audioWorklet.addModule(url);
  } catch (error) {
    throw new Error(whyNotLoaded(url), { cause: error });
  }
}

/** Browsers give a bare AbortError, whatever the reason. */
function whyNotLoaded(url: URL): string {
  if (/^(?:blob|data):/.test(url.protocol)) {
    return `The inlined ${PROCESSOR_FILE} could not be loaded: does the content security policy's script-src allow ${url.protocol}?`;
  }
  return `${url.href} could not be loaded: is it served there as JavaScript, and does the content security policy's script-src allow it?`;
}

/**
 * The kernel that this browser can run: the one with fused multiply-add if possible.
 *
 * @throws InputError if a file is missing, Error with a sentence if this page cannot run it
 */
export async function fetchKernel(find: FindFile): Promise<LoadedKernel> {
  const bytes = await fetchKernelBytes(find);
  try {
    return { bytes, module: await WebAssembly.compile(bytes) };
  } catch (error) {
    throw new Error("WebAssembly is blocked: the content security policy's script-src needs 'wasm-unsafe-eval'.", { cause: error });
  }
}

/** As `fetchKernel`, not compiled. */
export async function fetchKernelBytes(find: FindFile): Promise<ArrayBuffer> {
  for (const name of [RELAXED_KERNEL, PLAIN_KERNEL]) {
    const bytes = await (await request(find(name))).arrayBuffer();
    if (WebAssembly.validate(bytes)) return bytes;
  }
  throw new Error('This browser has no WebAssembly SIMD, which the piano needs.');
}
