import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

interface Answer {
  status: number;
  type: string | undefined;
  text: string;
}

let folder: string;
let server: Server;
let port: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anypiano-serve-'));
  await mkdir(join(folder, 'site/demo'), { recursive: true });
  await writeFile(join(folder, 'secret.txt'), 'secret');
  await writeFile(join(folder, 'site/demo/index.html'), '<title>page</title>');
  await writeFile(join(folder, 'site/kernel.wasm'), 'wasm');
  const { serve } = (await import(new URL('../../demo/serve.mjs', import.meta.url).href)) as {
    serve(folder: string, port: number): Promise<{ address: string; server: Server }>;
  };
  const served = await serve(join(folder, 'site'), 0);
  server = served.server;
  port = Number(new URL(served.address).port);
});

afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

/** Asks for a path as it is; fetch would tidy it. */
function ask(path: string, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ port, path, method, host: '127.0.0.1', agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode!, type: response.headers['content-type'], text }));
    });
    sent.on('error', reject).end();
  });
}

test('files come with the types that browsers insist on', async () => {
  expect(await ask('/demo/')).toEqual({ status: 200, type: 'text/html; charset=utf-8', text: '<title>page</title>' });
  expect((await ask('/kernel.wasm')).type).toBe('application/wasm');
});

test('the root leads to the page', async () => {
  expect((await ask('/')).status).toBe(302);
});

test.each(['/../secret.txt', '/demo/../../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/..%5csecret.txt', '//../secret.txt', '/demo/%00', '/%ff', '/demo'])(
  'nothing outside the folder is served: %s',
  async (path) => {
    const { status, text } = await ask(path);
    expect([400, 404]).toContain(status);
    expect(text).not.toContain('secret');
  },
);

test('nothing but reading is allowed', async () => {
  expect((await ask('/demo/', 'POST')).status).toBe(405);
  expect(await ask('/demo/', 'HEAD')).toMatchObject({ status: 200, text: '' });
});
