import { fileName } from '../worklet/request.ts';
import { InputError } from '../model/input-error.ts';

/**
 * Starts a worker, also one of another origin, such as a content delivery network: browsers run
 * only those of the page's own, but these may import others.
 *
 * @param onFailure hears why its script cannot be loaded
 */
export function openWorker(url: URL, onFailure: (error: Error) => void): Worker {
  const foreign = /^https?:/.test(url.protocol) && url.origin !== location.origin;
  const address = foreign ? URL.createObjectURL(new Blob([`import ${JSON.stringify(url.href)};`], { type: 'text/javascript' })) : url;
  const worker = new Worker(address, { type: 'module' });
  worker.onerror = (event): void => {
    event.preventDefault();
    const policy = foreign ? 'script-src allow it, and worker-src blob:' : 'worker-src allow it';
    onFailure(new InputError(fileName(url), `could not be loaded: is the network there, and does the content security policy's ${policy}?`));
  };
  return worker;
}
