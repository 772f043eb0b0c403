/** The page around the piano: keeps it for days without a network, and offers new versions politely. */
import type { AnyPiano } from '../ui/any-piano.ts';
import { USE_NEW_VERSION } from './service-worker/protocol.ts';

/** Beside the piano's script, since it looks after that too. */
const SERVICE_WORKER = '../service-worker.js';

/** Whether the player wants the new version in this tab. */
let asked = false;

// The piano comes first: what is kept for later is fetched when it can be played.
addEventListener('piano-ready', (event) => void keep(event.target as AnyPiano), { once: true });

async function keep(piano: AnyPiano): Promise<void> {
  // A page from a disk or without https has none, and works as long as there is a network.
  const registration = await navigator.serviceWorker?.register(SERVICE_WORKER).catch(() => undefined);
  if (registration === undefined) return;
  if (navigator.serviceWorker.controller !== null) navigator.serviceWorker.addEventListener('controllerchange', () => renew(piano));
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
  asked = true;
  worker.postMessage(USE_NEW_VERSION);
}

/** The files of this page's version are gone. */
function renew(piano: AnyPiano): void {
  if (asked) location.reload();
  else piano.say({ text: 'Another tab went over to a new version of this page.', action: { label: 'Use it here too', run: () => location.reload() } });
}
