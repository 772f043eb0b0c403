/** A site for one test or benchmark: files from memory over a built folder, reachable from this machine only. */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.mid': 'audio/midi',
  '.mjs': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};

export interface SiteOptions {
  /** Served where `files` has nothing. */
  readonly folder: string;
  /** Content by path, `/index.html` for the start page. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Sent with every answer, for instance a content security policy. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether text and WebAssembly travel compressed, as from most servers. */
  readonly compress?: boolean;
  /** Hears of each answer and the bytes of its body, as it travels. */
  readonly onSent?: (path: string, bytes: number) => void;
}

export interface Site {
  /** `http://127.0.0.1:PORT`, without a slash. */
  readonly address: string;
  close(): Promise<void>;
}

/** Serves a site on a free port until it is closed. */
export async function openSite({ folder, files = {}, headers = {}, compress = false, onSent }: SiteOptions): Promise<Site> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const name = path.endsWith('/') ? `${path}index.html` : path;
    const own = files[name];
    const content = own === undefined ? readFile(join(folder, normalize(name))) : Promise.resolve(own);
    content.then(
      (body) => {
        const type = TYPES[extname(name)];
        const squeezed = compress && type !== undefined;
        const encoding = squeezed ? { 'content-encoding': 'gzip' } : {};
        response.writeHead(200, { ...headers, ...encoding, 'content-type': type ?? 'application/octet-stream' });
        const sent = squeezed ? gzipSync(body) : Buffer.from(body);
        onSent?.(path, sent.length);
        response.end(sent);
      },
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return { address: `http://127.0.0.1:${portOf(server)}`, close: () => closeServer(server) };
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((closed) => server.close(() => closed()));
}

/** Bundles a TypeScript file for the browser. */
export async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({ entryPoints: [entry], bundle: true, format: 'esm', target: 'es2022', write: false });
  return outputFiles[0]!.text;
}
