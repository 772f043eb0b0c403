import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { InputError } from '../../model/input-error.ts';
import type { AudioController } from '../audio-controller.ts';
import { elementFile } from '../package-files.ts';
import type { Notice } from '../piano-notice.ts';
import type { StyleController } from '../style-controller.ts';
import { nameOf, type KeptPlugin, type Plugin } from './plugin.ts';
import type { PluginWish } from './plugin-panel.ts';
import type * as RackScript from './rack.ts';
import type { Decoder, Effect, Guard, PluginSlot, Rack } from './rack.ts';

/** What the plugins need of their host, which fires `piano-ready` when there is a piano to stand behind. */
export interface PluginHost extends ReactiveControllerHost, EventTarget {
  /** A plugin failed; the piano goes on. */
  onAudioError(error: Error): void;
  say(notice: Notice): void;
  panic(): void;
}

/** Where plugins are kept. */
export interface PluginStore {
  plugins(): Promise<KeptPlugin[]>;
  savePlugins(plugins: readonly KeptPlugin[]): Promise<void>;
}

/** A row, and what is behind it. */
interface Entry {
  plugin: Plugin;
  /** As it was kept, for as long as the plugin itself cannot say. */
  state: unknown;
  loaded?: Effect | Decoder;
  slot?: PluginSlot;
}

/** Milliseconds between two looks at a plugin whose controls are open. */
const LOOK_MILLISECONDS = 2000;
/** Milliseconds in which a plugin says how it is set. */
const ANSWER_MILLISECONDS = 1000;

/**
 * The plugins of a player: effects behind the piano, and other decoders in its place. Nothing of
 * this is loaded before there is one. What fails is muted and named, and the piano goes on.
 */
export class PluginController implements ReactiveController {
  /** Controls that are open. */
  opened: { readonly id: string; readonly element: Element } | undefined;
  readonly #host: PluginHost;
  readonly #audio: AudioController;
  readonly #styles: StyleController;
  #entries: readonly Entry[] = [];
  #rack: Promise<Rack> | undefined;
  #store: PluginStore | undefined;
  #saved: Promise<void> = Promise.resolve();
  #decoding: Promise<void> = Promise.resolve();
  /** Aborted when the host leaves the page. */
  #gone = new AbortController();
  #look: ReturnType<typeof setInterval> | undefined;
  #lastId = 0;
  /** Times that controls were asked for, or closed. */
  #edits = 0;

  constructor(host: PluginHost, audio: AudioController, styles: StyleController) {
    this.#host = host;
    this.#audio = audio;
    this.#styles = styles;
    host.addController(this);
  }

  hostConnected(): void {
    this.#gone = new AbortController();
    document.addEventListener('visibilitychange', this.#onHidden);
  }

  hostDisconnected(): void {
    this.#gone.abort();
    document.removeEventListener('visibilitychange', this.#onHidden);
    this.#close();
    for (const { slot } of this.#entries) slot?.close();
    this.#entries = [];
    this.#rack = undefined;
    this.#store = undefined;
  }

  /** In the order in which they are heard. */
  get list(): readonly Plugin[] {
    return this.#entries.map(({ plugin }) => plugin);
  }

  /** Brings back what was kept when the piano is ready, and keeps what is to come. */
  restore(store: PluginStore): void {
    const restore = async (): Promise<void> => {
      // Where the browser gives nothing back, there is nothing.
      const kept = await store.plugins().catch(() => []);
      this.#store = store;
      await Promise.all(kept.map((plugin) => this.add(plugin)));
    };
    this.#host.addEventListener('piano-ready', () => void restore(), { once: true, signal: this.#gone.signal });
  }

  /** Does what the player wants. */
  grant(wish: PluginWish): void {
    if (wish.type === 'add') void this.add({ url: wish.url, bypassed: false, state: undefined });
    else if (wish.type === 'move') this.move(wish.id, wish.places);
    else if (wish.type === 'bypass') this.bypass(wish.id, wish.bypassed);
    else if (wish.type === 'edit') void this.edit(wish.id);
    else void this.remove(wish.id);
  }

  /** Loads a plugin at the end of the row, or where `place` says. Settles when it is heard, or muted. */
  async add({ url, bypassed, state }: KeptPlugin, place: number = this.#entries.length): Promise<void> {
    const entry: Entry = {
      plugin: { id: String(++this.#lastId), url, kind: 'effect', name: nameOf(url), vendor: '', status: 'loading', problem: '', bypassed },
      state,
    };
    this.#show([...this.#entries.slice(0, place), entry, ...this.#entries.slice(place)]);
    try {
      await this.#load(entry);
      this.#save();
    } catch (error) {
      // By its name, as the rack is a script of its own, with a class of its own.
      const { name, message } = error as Error;
      this.#mute(entry, name === 'InputError' ? message : `${url}: ${message}`);
    }
  }

  /** Moves a plugin by so many places. */
  move(id: string, places: number): void {
    const from = this.#entries.findIndex(({ plugin }) => plugin.id === id);
    const to = Math.max(0, Math.min(this.#entries.length - 1, from + places));
    if (from < 0 || from === to) return;
    const others = this.#entries.filter((_, i) => i !== from);
    this.#show([...others.slice(0, to), this.#entries[from]!, ...others.slice(to)]);
    void this.#arrange();
    this.#save();
  }

  /** Goes around a plugin, or through it again. */
  bypass(id: string, bypassed: boolean): void {
    const entry = this.#find(id);
    if (entry === undefined) return;
    this.#change(entry, { bypassed });
    if (entry.slot !== undefined) entry.slot.bypassed = bypassed;
    if (entry.loaded?.kind === 'decoder') void this.#decode();
    this.#save();
  }

  /** Takes a plugin out, and offers to bring it back. */
  async remove(id: string): Promise<void> {
    const entry = this.#find(id);
    if (entry === undefined) return;
    const kept = await this.#keep(entry);
    const place = this.#entries.indexOf(entry);
    if (this.opened?.id === id) this.#close();
    this.#show(this.#entries.filter((other) => other !== entry));
    if (entry.loaded?.kind === 'decoder') await this.#decode();
    await this.#arrange();
    entry.slot?.close();
    this.#save();
    this.#host.say({ text: `${entry.plugin.name} was removed.`, action: { label: 'Undo', run: () => void this.add(kept, place) } });
  }

  /** Opens a plugin's own controls, or closes them. */
  async edit(id: string): Promise<void> {
    const open = this.opened?.id === id;
    this.#close();
    const loaded = this.#find(id)?.loaded;
    if (open || loaded?.kind !== 'effect') return;
    const edit = this.#edits;
    const problem = (why: string): void => this.#host.say({ text: `${loaded.name} shows no controls: ${why}.` });
    try {
      const element = (await loaded.module.createGui()) as Element | undefined;
      if (!(element instanceof Element)) return problem('it has none of its own');
      // Something else was asked for while they were made.
      if (edit !== this.#edits) return destroyGui(loaded, element);
      this.opened = { id, element };
      this.#look = setInterval(() => this.#save(), LOOK_MILLISECONDS);
      this.#host.requestUpdate();
    } catch (error) {
      problem((error as Error).message);
    }
  }

  async #load(entry: Entry): Promise<void> {
    const { url } = entry.plugin;
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) throw new InputError(url, 'is no address that begins with http');
    await this.#piano();
    if (!this.#entries.includes(entry)) return;
    const rack = await this.#openRack();
    const loaded = await rack.load(url, entry.state);
    const { kind, name, vendor } = loaded;
    entry.loaded = loaded;
    if (loaded.kind === 'effect') entry.slot = rack.slot(loaded, (problem) => this.#mute(entry, `${name} is muted: ${problem}`));
    // Taken out, or the element with it, while it was loading.
    if (!this.#entries.includes(entry)) return entry.slot?.close();
    this.#change(entry, { kind, name, vendor, status: 'on' });
    if (kind === 'decoder') return this.#decode();
    await this.#arrange();
    entry.slot!.bypassed = entry.plugin.bypassed;
  }

  /** Settles when there is a piano to stand behind, or the host has left the page. */
  #piano(): Promise<void> {
    const { signal } = this.#gone;
    if (this.#audio.node !== undefined || signal.aborted) return Promise.resolve();
    return new Promise((settled) => {
      this.#host.addEventListener('piano-ready', () => settled(), { once: true, signal });
      signal.addEventListener('abort', () => settled(), { once: true });
    });
  }

  #openRack(): Promise<Rack> {
    const { context } = this.#audio;
    if (context === undefined) throw new Error('there is no piano');
    this.#rack ??= (async () => {
      const { Rack } = (await import(/* webpackIgnore: true */ /* @vite-ignore */ elementFile('anypiano-plugins.js').href)) as typeof RackScript;
      const rack = await Rack.open(context, elementFile('anypiano-plugins-worklet.js'));
      this.#audio.insert(rack.chain);
      return rack;
    })();
    // A load that failed may be tried again.
    this.#rack.catch(() => (this.#rack = undefined));
    return this.#rack;
  }

  async #arrange(): Promise<void> {
    const rack = await this.#rack;
    await rack?.chain.arrange(this.#entries.flatMap(({ slot }) => slot ?? []));
  }

  #decode(): Promise<void> {
    this.#decoding = this.#decoding.then(() => this.#playOnLast());
    return this.#decoding;
  }

  /** Plays on the last decoder that is not bypassed, or on the piano's own. */
  async #playOnLast(): Promise<void> {
    const wanted = this.#entries.filter(({ loaded, plugin }) => loaded?.kind === 'decoder' && plugin.status === 'on' && !plugin.bypassed).at(-1);
    const decoder = wanted?.loaded as Decoder | undefined;
    if (decoder?.processor.name === this.#audio.processor?.name) return;
    this.#host.panic();
    const drop = (problem: string): void => this.#dropDecoder(wanted, problem);
    const giveUp = new AbortController();
    let passage: Guard | undefined;
    try {
      const style = await this.#styles.current();
      if (decoder === undefined) return await this.#audio.playOn(undefined, style, drop);
      const rack = await this.#openRack();
      const heard = { passage: (passage = rack.guard(drop)), signal: giveUp.signal };
      const play = async (): Promise<true> => {
        await this.#audio.playOn(decoder.processor, style, drop, heard);
        return true;
      };
      if ((await rack.patiently(play)) === undefined) throw new Error('it did not answer');
    } catch (error) {
      giveUp.abort();
      passage?.close();
      this.#dropDecoder(wanted, (error as Error).message);
    }
  }

  #dropDecoder(entry: Entry | undefined, problem: string): void {
    if (entry === undefined) return this.#host.onAudioError(new Error(problem));
    this.#mute(entry, `${entry.plugin.name} is muted: ${problem}`);
    void this.#decode();
  }

  #mute(entry: Entry, problem: string): void {
    this.#change(entry, { status: 'muted', problem });
    this.#host.onAudioError(new Error(problem));
    this.#save();
  }

  /** One after the other, and what comes last is what is kept. */
  #save(): void {
    const store = this.#store;
    if (store === undefined) return;
    const entries = this.#entries;
    this.#saved = this.#saved
      .then(async () => store.savePlugins(await Promise.all(entries.map((entry) => this.#keep(entry)))))
      // Private windows and full disks refuse; the plugins are heard all the same.
      .catch(() => undefined);
  }

  async #keep(entry: Entry): Promise<KeptPlugin> {
    const { plugin, loaded } = entry;
    if (loaded?.kind === 'effect' && plugin.status === 'on') {
      const silence = new Promise<undefined>((resolve) => setTimeout(resolve, ANSWER_MILLISECONDS));
      try {
        const state: unknown = await Promise.race([loaded.module.audioNode.getState(), silence]);
        // As text: what does not fit into it is no state that a host could save.
        if (state !== undefined) entry.state = JSON.parse(JSON.stringify(state));
      } catch {
        // Of one that does not answer, or nonsense, the last state is kept.
      }
    }
    return { url: plugin.url, bypassed: plugin.bypassed, state: entry.state };
  }

  #close(): void {
    clearInterval(this.#look);
    this.#edits++;
    if (this.opened === undefined) return;
    const { id, element } = this.opened;
    const loaded = this.#find(id)?.loaded;
    this.opened = undefined;
    if (loaded?.kind === 'effect') destroyGui(loaded, element);
    this.#save();
    this.#host.requestUpdate();
  }

  readonly #onHidden = (): void => {
    if (document.visibilityState === 'hidden') this.#save();
  };

  #find(id: string): Entry | undefined {
    return this.#entries.find(({ plugin }) => plugin.id === id);
  }

  #change(entry: Entry, change: Partial<Plugin>): void {
    entry.plugin = { ...entry.plugin, ...change };
    this.#host.requestUpdate();
  }

  #show(entries: readonly Entry[]): void {
    this.#entries = entries;
    this.#host.requestUpdate();
  }
}

function destroyGui({ module }: Effect, element: Element): void {
  try {
    module.destroyGui(element);
  } catch {
    // It is off the page, whatever it says.
  }
}
