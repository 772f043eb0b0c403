/** The files that the node needs beside its script: the processor, and two builds of the kernel. */
import { InputError } from '../model/input-error.ts';

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
    // Browsers give a bare AbortError, whatever the reason.
    const reason = `is it served there as JavaScript, and does the content security policy's script-src allow it?`;
    throw new Error(`${url.href} could not be loaded: ${reason}`, { cause: error });
  }
}

/**
 * The kernel that this browser can run: the one with fused multiply-add if possible.
 *
 * @throws InputError if a file is missing, Error with a sentence if this page cannot run it
 */
export async function fetchKernel(baseUrl: string | URL): Promise<LoadedKernel> {
  const relaxed = await fetchBytes(new URL(RELAXED_KERNEL, baseUrl));
  const bytes = WebAssembly.validate(relaxed) ? relaxed : await fetchBytes(new URL(PLAIN_KERNEL, baseUrl));
  if (!WebAssembly.validate(bytes)) throw new Error('This browser has no WebAssembly SIMD, which the piano needs.');
  try {
    return { bytes, module: await WebAssembly.compile(bytes) };
  } catch (error) {
    throw new Error("WebAssembly is blocked: the content security policy's script-src needs 'wasm-unsafe-eval'.", { cause: error });
  }
}

async function fetchBytes(url: URL): Promise<ArrayBuffer> {
  const response = await fetch(url).catch(() => undefined);
  if (response === undefined) throw new InputError(url.href, 'could not be loaded: is the network there?');
  if (!response.ok) throw new InputError(url.href, `could not be loaded (${response.status})`);
  return response.arrayBuffer();
}
