/** All that a page needs of Web Audio Modules. It is a script of its own, and loaded with the first plugin. */
import { Guard } from './guard.ts';
import { PluginChain } from './plugin-chain.ts';
import { loadPlugin, patiently, type Decoder, type Effect } from './plugin-loader.ts';
import { PluginSlot } from './plugin-slot.ts';

export type { Guard } from './guard.ts';
export type { Decoder, Effect } from './plugin-loader.ts';
export type { PluginSlot } from './plugin-slot.ts';

/** The effects of one audio context. */
export class Rack {
  readonly chain: PluginChain;
  readonly #context: AudioContext;
  readonly #groupId: string;

  private constructor(context: AudioContext, groupId: string) {
    this.#context = context;
    this.#groupId = groupId;
    this.chain = new PluginChain(context);
  }

  /** @param script address of `anypiano-plugins-worklet.js`. @throws Error if it cannot be loaded */
  static async open(context: AudioContext, script: URL): Promise<Rack> {
    const [group, key] = [crypto.randomUUID(), crypto.randomUUID()];
    // By its address, and not as a Blob: a strict content security policy allows that.
    const url = new URL(script);
    // After a #, since bundlers make a data: address of a script that is as small.
    url.hash = `group=${group}&key=${key}`;
    await context.audioWorklet.addModule(url);
    return new Rack(context, group);
  }

  /** @throws InputError that names the address and says what is wrong */
  load(url: string, state: unknown): Promise<Effect | Decoder> {
    return loadPlugin(url, { context: this.#context, groupId: this.#groupId }, state);
  }

  /** Does something that may never be answered. @returns undefined where it took too long */
  patiently<T>(action: () => Promise<T>): Promise<T | undefined> {
    return patiently(this.#context, action);
  }

  /** Hands on what a decoder plays, and nothing that is not a number. @param onProblem is told once, in a sentence */
  guard(onProblem: (problem: string) => void): Guard {
    return new Guard(this.#context, onProblem);
  }

  /** A place for an effect, still gone around. */
  slot({ module }: Effect, onProblem: (problem: string) => void): PluginSlot {
    return new PluginSlot(module.audioNode, onProblem);
  }
}
