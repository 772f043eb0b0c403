/** Listening to a recording, in a worker: its notes, or its piano. */
import { InputError } from '../../model/input-error.ts';
import type { ListenAnswer, ListenRequest } from '../../model/extract/worker-protocol.ts';

const WORKER_FILE = 'anypiano-extractor.js';

export type Heard = Extract<ListenAnswer, { type: 'style' | 'notes' }>;

/**
 * @param onProgress called with the share that is done, 0..1
 * @throws InputError if the recording holds nothing to hear or a file is missing, the signal's reason if it is aborted
 */
export async function listen(request: ListenRequest, onProgress: (done: number) => void, signal: AbortSignal): Promise<Heard> {
  signal.throwIfAborted();
  const worker = new Worker(new URL(WORKER_FILE, new URL('.', import.meta.url)), { type: 'module' });
  try {
    return await new Promise<Heard>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      worker.onerror = (event): void => {
        event.preventDefault();
        reject(new InputError(WORKER_FILE, 'could not be loaded: is the network there?'));
      };
      worker.onmessage = ({ data }: MessageEvent<ListenAnswer>): void => {
        if (data.type === 'progress') onProgress(data.done);
        else if (data.type === 'error') reject(new Error(data.message));
        else resolve(data);
      };
      worker.postMessage(request);
    });
  } finally {
    worker.terminate();
  }
}
