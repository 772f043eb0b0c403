/** Loading files, with messages that name them. */
import { InputError } from '../model/input-error.ts';

/** @throws InputError naming the file, if it cannot be loaded */
export async function request(url: URL): Promise<Response> {
  // Bundlers turn small files into data: addresses, which the connect-src of most pages forbids to fetch.
  if (url.protocol === 'data:') return new Response(dataOf(url));
  const response = await fetch(url).catch(() => undefined);
  if (response === undefined) {
    const question = url.protocol === 'blob:' ? '' : 'is the network there, and ';
    throw new InputError(fileName(url), `could not be loaded: ${question}does the content security policy's connect-src allow ${url.protocol === 'blob:' ? 'blob:' : 'it'}?`);
  }
  if (!response.ok) throw new InputError(fileName(url), `could not be loaded from ${url.href} (${response.status})`);
  return response;
}

/** The last part of an address's path. */
export function fileName(url: URL): string {
  return /^(?:blob|data):/.test(url.protocol) ? 'a file inside the script' : (url.pathname.split('/').at(-1) ?? '');
}

function dataOf({ href }: URL): Uint8Array<ArrayBuffer> | string {
  const comma = href.indexOf(',');
  const content = decodeURIComponent(href.slice(comma + 1));
  return href.slice(0, comma).endsWith(';base64') ? Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0)) : content;
}
