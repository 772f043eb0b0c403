/** Off-line rendering, away from the page's own thread. */
import { InputError } from '../../model/input-error.ts';
import { fetchKernelBytes } from '../../worklet/kernel-files.ts';
import { openWorker } from '../open-worker.ts';
import { elementFile } from '../package-files.ts';
import type { RenderAnswer, RenderRequest } from './protocol.ts';

const WORKER_FILE = 'anypiano-renderer.js';

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
  const kernel = await fetchKernelBytes(elementFile);
  signal.throwIfAborted();
  let worker: Worker | undefined;
  try {
    return await new Promise<Blob>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      worker = openWorker(elementFile(WORKER_FILE), reject);
      worker.onmessage = ({ data }: MessageEvent<RenderAnswer>): void => {
        if (data.type === 'progress') onProgress(data.done);
        else if (data.type === 'file') resolve(new Blob([...data.parts], { type: 'audio/wav' }));
        else reject(new InputError(options.performance.name, data.message));
      };
      worker.postMessage({ kernel, ...options } satisfies RenderRequest, [kernel]);
    });
  } finally {
    worker?.terminate();
  }
}
