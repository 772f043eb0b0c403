/** Serves a folder to this process alone: the checkpoint's loader knows addresses only. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';

export interface CheckpointServer {
  readonly address: string;
  close(): void;
}

export async function serveCheckpoint(folder: string): Promise<CheckpointServer> {
  const server = createServer((request, response) => {
    const path = join(folder, basename(decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname)));
    readFile(path).then(
      (bytes) => response.end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => void server.close() };
}
