/** What a player keeps in the browser: pianos and takes in IndexedDB. */
import { createStore, del, entries, get, set, type UseStore } from 'idb-keyval';
import { InputError } from '../model/input-error.ts';
import type { Performance } from '../model/performance.ts';
import { parseStyle, type Style } from '../model/style.ts';
import type { KeptPlugin } from './plugins/plugin.ts';

/** A performance that the player recorded. */
export interface Take {
  readonly id: string;
  readonly performance: Performance;
  /** What the metronome said, for the MIDI file. */
  readonly beatsPerMinute: number;
}

const TAKE = 'take:';
const STYLE = 'style:';
const PLUGINS = 'plugins';

/** A drawer of its own for each name. Nothing is shared between origins. */
export class LibraryStore {
  readonly #store: UseStore;

  constructor(name: string) {
    this.#store = createStore(`anypiano-${name}`, 'library');
  }

  /** All takes, oldest first. */
  async takes(): Promise<Take[]> {
    const found = await entries<string, Take>(this.#store);
    return found.filter(([key]) => key.startsWith(TAKE)).map(([, take]) => take).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  saveTake(take: Take): Promise<void> {
    return set(TAKE + take.id, take, this.#store);
  }

  deleteTake({ id }: Take): Promise<void> {
    return del(TAKE + id, this.#store);
  }

  /** All pianos that can be read. */
  async styles(): Promise<Style[]> {
    const found = await entries<string, string>(this.#store);
    return found.flatMap(([key, text]) => {
      if (!key.startsWith(STYLE)) return [];
      try {
        return [parseStyle(text, key)];
      } catch (error) {
        if (error instanceof InputError) return [];
        throw error;
      }
    });
  }

  saveStyle(id: string, text: string): Promise<void> {
    return set(STYLE + id, text, this.#store);
  }

  deleteStyle(id: string): Promise<void> {
    return del(STYLE + id, this.#store);
  }

  /** In the order in which they are heard. */
  async plugins(): Promise<KeptPlugin[]> {
    return (await get<KeptPlugin[]>(PLUGINS, this.#store)) ?? [];
  }

  savePlugins(plugins: readonly KeptPlugin[]): Promise<void> {
    return set(PLUGINS, plugins, this.#store);
  }
}
