/** A small static server for one folder, reachable from this machine only. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { extname, join, normalize, resolve, sep } from 'node:path';

const FIRST_PORT = 8080;
const LAST_PORT = 8099;
const START_PAGE = '/demo/';

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.mid': 'audio/midi',
  '.png': 'image/png',
  '.safetensors': 'application/octet-stream',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
};

/**
 * Serves `folder` on 127.0.0.1.
 *
 * @param {string} folder
 * @param {number} [port] without it, the first free one from 8080 to 8099; 0 takes any
 * @returns {Promise<{ address: string, server: import('node:http').Server }>} the address to open, and what to close
 * @throws Error with a sentence, if the port cannot be used
 */
export async function serve(folder, port) {
  const root = resolve(folder);
  for (let candidate = port ?? FIRST_PORT; ; candidate++) {
    try {
      const server = createServer((request, response) => void answer(root, request, response));
      await listen(server, candidate);
      return { address: `http://127.0.0.1:${server.address().port}${START_PAGE}`, server };
    } catch (error) {
      const last = port !== undefined || candidate === LAST_PORT;
      if (last || error.code !== 'EADDRINUSE') throw new Error(`port ${candidate} cannot be used`, { cause: error });
    }
  }
}

function listen(server, port) {
  return new Promise((done, failed) => {
    server.once('error', failed);
    server.listen(port, '127.0.0.1', () => done(undefined));
  });
}

async function answer(root, request, response) {
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, 'method not allowed');
  const path = pathOf(request.url ?? '/');
  if (path === undefined) return refuse(response, 400, 'bad request');
  if (path === '/') return response.writeHead(302, { location: START_PAGE }).end();
  // normalize() removes every "..", so nothing outside the root can be named.
  const file = join(root, normalize(path.endsWith('/') ? `${path}index.html` : path));
  const found = file.startsWith(root + sep) ? await stat(file).catch(() => undefined) : undefined;
  if (found === undefined || !found.isFile()) return refuse(response, 404, 'not found');
  response.writeHead(200, {
    'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
    'content-length': found.size,
    'cache-control': 'no-cache',
    'x-content-type-options': 'nosniff',
  });
  if (request.method === 'HEAD') return response.end();
  // A client that leaves closes the file too.
  pipeline(createReadStream(file), response).catch(() => undefined);
}

/** The decoded path of a request, or undefined where it cannot be decoded. */
function pathOf(url) {
  try {
    const path = decodeURIComponent(new URL(url, 'http://localhost').pathname);
    return path.includes('\0') || path.includes('\\') ? undefined : path;
  } catch {
    return undefined;
  }
}

function refuse(response, status, reason) {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${reason}\n`);
}
