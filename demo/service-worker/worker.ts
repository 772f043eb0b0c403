/**
 * Keeps the page and all that it plays with, so that it works without a network.
 *
 * Each file is kept under its address and the hash of its content. A new
 * version fetches only what changed, and waits until the player wants it or
 * the last page of the old one is closed. What is large and seldom used is
 * kept when it is used first, and only if it belongs to this version.
 */
import { USE_NEW_VERSION, type KeptFile } from './protocol.ts';

/** Written by the build; addresses are relative to this script. */
declare const KEPT_FILES: readonly KeptFile[];
declare const self: ServiceWorkerGlobalScope;

const CACHE = 'anypiano';
/** Headers that speak of how a file travelled, not of the file. */
const TRANSPORT_HEADERS = ['content-encoding', 'content-length', 'transfer-encoding'];

/** By address. */
const files = new Map(KEPT_FILES.map((file) => [new URL(file.path, self.location.href).href, file]));

function keyOf(address: string): string {
  return `${address}?sha256=${files.get(address)!.hash}`;
}

self.addEventListener('install', (event) => event.waitUntil(keepAll()));
self.addEventListener('activate', (event) => event.waitUntil(takeOver()));

self.addEventListener('message', ({ data }) => {
  if (data === USE_NEW_VERSION) void self.skipWaiting();
});

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  const address = `${url.origin}${url.pathname.replace(/\/$/, '/index.html')}`;
  if (event.request.method === 'GET' && files.has(address)) event.respondWith(answer(event.request, address));
});

async function keepAll(): Promise<void> {
  const cache = await caches.open(CACHE);
  const atOnce = [...files].filter(([, { when }]) => when === 'at once');
  await Promise.all(atOnce.map(([address]) => keep(cache, address)));
}

/** @throws Error if a file is not the one that this version was built with: it would not fit the others */
async function keep(cache: Cache, address: string): Promise<void> {
  const key = keyOf(address);
  if ((await cache.match(key)) !== undefined) return;
  const response = await fetch(address, { cache: 'no-cache' });
  if (!response.ok) throw new Error(`${address} could not be loaded (${response.status})`);
  const bytes = await response.arrayBuffer();
  if ((await sha256(bytes)) !== files.get(address)!.hash) throw new Error(`${address} belongs to another version`);
  const headers = new Headers(response.headers);
  for (const name of TRANSPORT_HEADERS) headers.delete(name);
  await cache.put(key, new Response(bytes, { headers }));
}

/** Forgets what only older versions used. */
async function takeOver(): Promise<void> {
  const cache = await caches.open(CACHE);
  const wanted = new Set([...files.keys()].map(keyOf));
  const kept = await cache.keys();
  await Promise.all(kept.filter(({ url }) => !wanted.has(url)).map((request) => cache.delete(request)));
  await self.clients.claim();
}

async function answer(request: Request, address: string): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(keyOf(address));
  if (kept !== undefined) return kept;
  if (files.get(address)!.when === 'at once') return fetch(request);
  try {
    await keep(cache, address);
    return (await cache.match(keyOf(address)))!;
  } catch (error) {
    return new Response((error as Error).message, { status: 409, statusText: 'of another version' });
  }
}

async function sha256(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
