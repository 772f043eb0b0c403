import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Spec } from '../model/spec.ts';
import { assertStyleFits, interpolateStyles, type Style, type StyleSummary } from '../model/style.ts';
import { StyleLibrary } from './style-library.ts';

/** Which piano is to be played, as the host's properties say it. */
export interface StyleChoice {
  piano: string;
  towards: string;
  /** 0..1. */
  morph: number;
}

/** Finds the styles that the host names, and blends them. */
export class StyleController implements ReactiveController {
  readonly #host: ReactiveControllerHost & StyleChoice;
  #library: StyleLibrary | undefined;

  constructor(host: ReactiveControllerHost & StyleChoice) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#library = undefined;
  }

  /** The pianos to choose from. */
  get summaries(): readonly StyleSummary[] {
    return this.#library?.summaries ?? [];
  }

  /** The name of a piano in the list; empty where there is none. */
  nameOf(id: string): string {
    return this.summaries.find((summary) => summary.id === id)?.name ?? '';
  }

  /** Opens a folder of styles; the one that the host names, else the first. @throws InputError */
  async open(folder: URL): Promise<Style> {
    const library = new StyleLibrary(folder);
    this.#library = library;
    await library.open();
    if (this.#host.piano === '') this.#host.piano = library.summaries[0]!.id;
    if (this.#host.towards === '') this.#host.towards = this.#next(this.#host.piano);
    return this.current();
  }

  /** The style that the host asks for now. @throws InputError */
  async current(): Promise<Style> {
    const { piano, towards, morph } = this.#host;
    const one = await this.#find(piano);
    return morph > 0 && towards !== '' ? interpolateStyles(one, await this.#find(towards), morph) : one;
  }

  /** Plays one piano alone. */
  choose(id: string): void {
    this.#host.piano = id;
    this.#host.morph = 0;
    if (this.#host.towards === id) this.#host.towards = this.#next(id);
  }

  /** Adds a piano to the list and chooses it. @throws InputError if it belongs to other weights */
  add(style: Style, spec: Spec): void {
    assertStyleFits(style, spec, style.name);
    this.#library?.add(style);
    this.choose(style.id);
    this.#host.requestUpdate();
  }

  #find(id: string): Promise<Style> {
    if (this.#library === undefined) throw new Error('The pianos are not there yet.');
    return this.#library.style(id);
  }

  #next(id: string): string {
    const place = this.summaries.findIndex((summary) => summary.id === id);
    return this.summaries[(place + 1) % this.summaries.length]!.id;
  }
}
