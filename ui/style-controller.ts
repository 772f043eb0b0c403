import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Spec } from '../model/spec.ts';
import { mixStyles } from '../model/morph.ts';
import { assertStyleFits, serialiseStyle, type Style, type StyleSummary } from '../model/style.ts';
import { trainedFiles } from './package-files.ts';
import { StyleLibrary } from './style-library.ts';
import { StyleMap, type StyleShare } from './style-map.ts';

/** Which piano is to be played, as the host's properties say it. */
export interface StyleChoice {
  piano: string;
  towards: string;
  /** 0..1. */
  morph: number;
  /** A mixture of several; where it is empty, the other three tell. */
  blend: readonly StyleShare[];
}

const NONE: readonly StyleSummary[] = [];

/** Finds the styles that the host names, blends them, and lays all out on a map. */
export class StyleController implements ReactiveController {
  readonly #host: ReactiveControllerHost & StyleChoice;
  #library: StyleLibrary | undefined;
  #requests = 0;
  #map: StyleMap | undefined;
  /** Those on the map. */
  #mapped: readonly StyleSummary[] = [];

  constructor(host: ReactiveControllerHost & StyleChoice) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#library = undefined;
  }

  /** The pianos to choose from. */
  get summaries(): readonly StyleSummary[] {
    return this.#library?.summaries ?? NONE;
  }

  /** All pianos, by how alike they sound; undefined before there are any. */
  get map(): StyleMap | undefined {
    const { summaries } = this;
    if (summaries !== this.#mapped) this.#map = summaries.length === 0 ? undefined : new StyleMap(summaries, summaries.filter(({ id }) => this.isOwn(id)).length);
    this.#mapped = summaries;
    return this.#map;
  }

  /** What is played: the host's blend, or its two pianos. */
  get shares(): readonly StyleShare[] {
    const { piano, towards, morph, blend } = this.#host;
    if (blend.length > 0) return blend;
    if (morph <= 0 || towards === '') return [{ id: piano, share: 1 }];
    return [{ id: piano, share: 1 - morph }, { id: towards, share: morph }].filter(({ share }) => share > 0);
  }

  /** The name of a piano in the list; empty where there is none. */
  nameOf(id: string): string {
    return this.summaries.find((summary) => summary.id === id)?.name ?? '';
  }

  /**
   * Opens the styles of a folder, or of the package; the one that the host names, else the first.
   *
   * @param base the folder, if any
   * @param own pianos that the player brought earlier
   * @param lenient whether a piano that is no longer there gives way to the first
   * @throws InputError
   */
  async open(base: string, own: Promise<readonly Style[]>, lenient: boolean): Promise<Style> {
    const library = new StyleLibrary(await trainedFiles(base));
    this.#library = library;
    await library.open();
    const { model } = library.summaries[0]!;
    // A piano that was made for other weights stays in its drawer.
    for (const style of await own) if (style.model === model) library.add(style);
    const host = this.#host;
    if (host.piano === '' || (lenient && this.nameOf(host.piano) === '')) host.piano = library.summaries[0]!.id;
    if (host.towards === '') host.towards = this.#next(host.piano);
    // A new array, so that the host does not take the change of its pianos for the end of the mixture.
    host.blend = host.blend.every(({ id }) => this.nameOf(id) !== '') ? [...host.blend] : [];
    return this.current();
  }

  /** One piano by its id. @throws InputError */
  find(id: string): Promise<Style> {
    if (this.#library === undefined) throw new Error('The pianos are not there yet.');
    return this.#library.style(id);
  }

  /** The style that the host asks for now. @throws InputError */
  async current(): Promise<Style> {
    const shares = this.shares;
    return mixStyles(await Promise.all(shares.map(async ({ id, share }) => ({ style: await this.find(id), share }))));
  }

  /** As `current`, but undefined where the host asked for another while a file was loading. @throws InputError */
  async latest(): Promise<Style | undefined> {
    const request = ++this.#requests;
    const style = await this.current();
    return request === this.#requests ? style : undefined;
  }

  /** Plays one piano alone. */
  choose(id: string): void {
    this.#host.piano = id;
    this.#host.morph = 0;
    this.#host.blend = [];
    if (this.#host.towards === id) this.#host.towards = this.#next(id);
  }

  /** Plays the piano with a place in the list, from 0 on; where there is none, nothing changes. */
  chooseProgram(number: number): void {
    const style = this.summaries[number];
    if (style !== undefined) this.choose(style.id);
  }

  /** Plays a mixture; the piano with the largest share gives its name. */
  mix(shares: readonly StyleShare[]): void {
    this.#host.piano = shares[0]!.id;
    this.#host.morph = 0;
    this.#host.blend = shares;
  }

  /** Adds a piano to the list and chooses it. @throws InputError if it belongs to other weights */
  add(style: Style, spec: Spec): void {
    assertStyleFits(style, spec, style.name);
    this.#library?.add(style);
    this.choose(style.id);
    this.#host.requestUpdate();
  }

  /** A style under a name of its own, where another piano of the player's has its id; the same one again stays itself. */
  async apart(style: Style): Promise<Style> {
    const { id, name } = style;
    for (let count = 2; this.isOwn(style.id); count++) {
      if (serialiseStyle(await this.find(style.id)) === serialiseStyle(style)) return style;
      style = { ...style, id: `${id}-${count}`, name: `${name} ${count}` };
    }
    return style;
  }

  /** Whether the player brought a piano. */
  isOwn(id: string): boolean {
    return this.#library?.isOwn(id) ?? false;
  }

  /** Takes a piano that the player brought from the list; the first one is played instead. */
  remove(id: string): void {
    this.#library?.remove(id);
    this.choose(this.summaries[0]!.id);
    this.#host.requestUpdate();
  }

  #next(id: string): string {
    const place = this.summaries.findIndex((summary) => summary.id === id);
    return this.summaries[(place + 1) % this.summaries.length]!.id;
  }
}
