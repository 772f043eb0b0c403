/** Loading files, with messages that name them. */
import { InputError } from '../model/input-error.ts';

/** @throws InputError naming the file, if it cannot be loaded */
export async function request(url: URL): Promise<Response> {
  const response = await fetch(url).catch(() => undefined);
  if (response === undefined) throw new InputError(fileName(url), 'could not be loaded: is the network there?');
  if (!response.ok) throw new InputError(fileName(url), `could not be loaded (${response.status})`);
  return response;
}

/** The last part of an address's path. */
export function fileName(url: URL): string {
  return url.pathname.split('/').at(-1);
}
