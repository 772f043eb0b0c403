/** Off-line rendering, away from the page's own thread. */
import { InputError } from '../../model/input-error.ts';
import { request } from '../request.ts';
import type { RenderAnswer, RenderRequest } from './protocol.ts';

const WORKER_FILE = 'anypiano-renderer.js';
const KERNELS = ['anypiano-relaxed.wasm', 'anypiano-plain.wasm'];

export interface RenderOptions extends Omit<RenderRequest, 'kernel'> {
  readonly onProgress: (done: number) => void;
  /** Stops the rendering. */
  readonly signal: AbortSignal;
}

/**
 * A performance as a 24-bit WAV file, by the engine at full quality and as the
 * loudspeakers would play it.
 *
 * @throws InputError if a file is missing, Error if the engine fails, the signal's reason if it is aborted
 */
export async function renderWav({ onProgress, signal, ...options }: RenderOptions): Promise<Blob> {
  const base = new URL('.', import.meta.url);
  const kernel = await fetchKernel(base);
  signal.throwIfAborted();
  const worker = new Worker(new URL(WORKER_FILE, base), { type: 'module' });
  try {
    return await new Promise<Blob>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      worker.onerror = (event): void => {
        event.preventDefault();
        reject(new InputError(WORKER_FILE, 'could not be loaded'));
      };
      worker.onmessage = ({ data }: MessageEvent<RenderAnswer>): void => {
        if (data.type === 'progress') onProgress(data.done);
        else if (data.type === 'file') resolve(new Blob([...data.parts], { type: 'audio/wav' }));
        else reject(new InputError(options.performance.name, data.message));
      };
      worker.postMessage({ kernel, ...options } satisfies RenderRequest, [kernel]);
    });
  } finally {
    worker.terminate();
  }
}

/** The kernel that this browser can run. */
async function fetchKernel(base: URL): Promise<ArrayBuffer> {
  for (const name of KERNELS) {
    const bytes = await (await request(new URL(name, base))).arrayBuffer();
    if (WebAssembly.validate(bytes)) return bytes;
  }
  throw new Error('This browser has no WebAssembly SIMD, which the piano needs.');
}
