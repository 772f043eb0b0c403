/** The pianos to choose from: those that came with the weights, and those that the player brought. */
import { InputError } from '../model/input-error.ts';
import type { FindFile } from '../worklet/package-files.ts';
import { parseStyle, parseStyleIndex, type Style, type StyleSummary } from '../model/style.ts';
import { fileName, request } from '../worklet/request.ts';

export class StyleLibrary {
  readonly #find: FindFile;
  #summaries: StyleSummary[] = [];
  readonly #own = new Set<string>();
  readonly #styles = new Map<string, Promise<Style>>();

  /** @param find finds `styles/index.json`, and there one JSON file for each style */
  constructor(find: FindFile) {
    this.#find = find;
  }

  get summaries(): readonly StyleSummary[] {
    return this.#summaries;
  }

  /** Loads the list. @throws InputError */
  async open(): Promise<void> {
    const url = this.#find('styles/index.json');
    this.#summaries = parseStyleIndex(await (await request(url)).text(), fileName(url));
    if (this.#summaries.length === 0) throw new InputError(fileName(url), 'lists no piano');
  }

  /** One style, loaded once. @throws InputError */
  style(id: string): Promise<Style> {
    let style = this.#styles.get(id);
    if (style === undefined) {
      style = this.#load(id);
      this.#styles.set(id, style);
      // A load that failed may be tried again.
      style.catch(() => this.#styles.delete(id));
    }
    return style;
  }

  /** Adds a style to the list, in place of one with the same id. */
  add(style: Style): void {
    this.#styles.set(style.id, Promise.resolve(style));
    this.#own.add(style.id);
    this.#summaries = [...this.#summaries.filter(({ id }) => id !== style.id), style];
  }

  /** Whether a piano was added, and did not come with the weights. */
  isOwn(id: string): boolean {
    return this.#own.has(id);
  }

  /** Takes a piano that was added from the list. */
  remove(id: string): void {
    this.#own.delete(id);
    this.#styles.delete(id);
    this.#summaries = this.#summaries.filter((summary) => summary.id !== id);
  }

  async #load(id: string): Promise<Style> {
    if (!this.#summaries.some((summary) => summary.id === id)) throw new InputError(id, 'is not in the list of pianos');
    const url = this.#find(`styles/${id}.json`);
    return parseStyle(await (await request(url)).text(), fileName(url));
  }
}
