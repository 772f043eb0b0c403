/** The page around the piano: keeps it for days without a network, and offers new versions politely. */
import type { AnyPiano } from '../ui/any-piano.ts';
import { USE_NEW_VERSION } from './service-worker/protocol.ts';

/** Beside the piano's script, since it looks after that too. */
const SERVICE_WORKER = '../service-worker.js';

// The piano comes first: what is kept for later is fetched when it can be played.
addEventListener('piano-ready', (event) => void keep(event.target as AnyPiano), { once: true });

async function keep(piano: AnyPiano): Promise<void> {
  // A page from a disk or without https has none, and works as long as there is a network.
  const registration = await navigator.serviceWorker?.register(SERVICE_WORKER).catch(() => undefined);
  if (registration === undefined) return;
  if (registration.waiting !== null && navigator.serviceWorker.controller !== null) offer(piano, registration.waiting);
  registration.addEventListener('updatefound', () => {
    const worker = registration.installing;
    // The very first version has nothing to replace.
    if (worker === null || navigator.serviceWorker.controller === null) return;
    worker.addEventListener('statechange', () => {
      if (worker.state === 'installed') offer(piano, worker);
    });
  });
}

function offer(piano: AnyPiano, worker: ServiceWorker): void {
  piano.say({ text: 'A new version of this page is ready.', action: { label: 'Use it now', run: () => use(worker) } });
}

function use(worker: ServiceWorker): void {
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
  worker.postMessage(USE_NEW_VERSION);
}
