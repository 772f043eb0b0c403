/** Listening to a recording, in a worker: its notes, or its piano. */
import type { ListenAnswer, ListenRequest } from '../../model/extract/worker-protocol.ts';
import { openWorker } from '../open-worker.ts';
import { elementFile } from '../package-files.ts';

const WORKER_FILE = 'anypiano-extractor.js';

export type Heard = Extract<ListenAnswer, { type: 'style' | 'notes' }>;

/**
 * @param onProgress called with the share that is done, 0..1
 * @throws InputError if the recording holds nothing to hear or a file is missing, the signal's reason if it is aborted
 */
export async function listen(request: Omit<ListenRequest, 'files'>, onProgress: (done: number) => void, signal: AbortSignal): Promise<Heard> {
  signal.throwIfAborted();
  const files = {
    backend: elementFile('tfjs-backend-wasm-simd.wasm').href,
    transcriber: elementFile('basic-pitch/model.json').href,
    transcriberWeights: elementFile('basic-pitch/group1-shard1of1.bin').href,
  };
  let worker: Worker | undefined;
  try {
    return await new Promise<Heard>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      worker = openWorker(elementFile(WORKER_FILE), reject);
      worker.onmessage = ({ data }: MessageEvent<ListenAnswer>): void => {
        if (data.type === 'progress') onProgress(data.done);
        else if (data.type === 'error') reject(new Error(data.message));
        else resolve(data);
      };
      worker.postMessage({ ...request, files } satisfies ListenRequest);
    });
  } finally {
    worker?.terminate();
  }
}
