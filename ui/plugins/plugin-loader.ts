/** Modules by their address: effects that are Web Audio Modules 2.0, and decoders for the piano. */
import type { WebAudioModule } from '@webaudiomodules/api';
import { InputError } from '../../model/input-error.ts';
import type { ProcessorScript } from '../../worklet/kernel-files.ts';

/** What the default export of a decoder's module says. */
export const DECODER_FORMAT = 'anypiano-decoder/1';

export interface Decoder {
  readonly kind: 'decoder';
  readonly name: string;
  readonly vendor: string;
  readonly processor: ProcessorScript;
}

export interface Effect {
  readonly kind: 'effect';
  readonly name: string;
  readonly vendor: string;
  readonly module: WebAudioModule;
}

/** Where effects are to live. */
export interface PluginHome {
  readonly context: AudioContext;
  readonly groupId: string;
}

/** Seconds after which a module that has not answered is given up; a context that is suspended stops the clock. */
const PATIENCE_SECONDS = 30;
const MOMENT_MILLISECONDS = 50;

/**
 * Loads a module and makes an instance of it.
 *
 * @param state as it was kept; undefined where there is none
 * @throws InputError that names the address and says what is wrong
 */
export async function loadPlugin(url: string, home: PluginHome, state: unknown): Promise<Effect | Decoder> {
  const exported = await importModule(url);
  if (isDecoder(exported)) {
    const { name, vendor = '', processor } = exported;
    return { kind: 'decoder', name, vendor, processor: { name: processor.name, url: new URL(processor.url, url) } };
  }
  if (!isModule(exported)) throw new InputError(url, 'is neither a Web Audio Module 2.0 nor a decoder');
  const module = await patiently(home.context, () => makeInstance(exported, url, home, state));
  if (module === undefined) throw new InputError(url, 'did not answer');
  const { name, vendor } = module.descriptor;
  return { kind: 'effect', name: name || module.name, vendor: vendor ?? '', module };
}

async function importModule(url: string): Promise<unknown> {
  let refusal = '';
  const refused = ({ blockedURI }: SecurityPolicyViolationEvent): void => void (refusal ||= blockedURI);
  document.addEventListener('securitypolicyviolation', refused);
  try {
    return ((await import(/* webpackIgnore: true */ /* @vite-ignore */ url)) as { readonly default?: unknown }).default;
  } catch (error) {
    // The browser tells of a refusal a moment after it.
    await new Promise((passed) => setTimeout(passed, MOMENT_MILLISECONDS));
    if (refusal !== '') throw new InputError(url, 'is refused by the content security policy of this page: its script-src does not name it');
    // Browsers say nothing but that and the address where there is no file.
    const why = /^Failed to fetch|^error loading|^Importing a module/i.test((error as Error).message) ? '' : `: ${(error as Error).message}`;
    throw new InputError(url, `could not be loaded${why}`);
  } finally {
    document.removeEventListener('securitypolicyviolation', refused);
  }
}

async function makeInstance(Module: typeof WebAudioModule, url: string, { context, groupId }: PluginHome, state: unknown): Promise<WebAudioModule> {
  let module: WebAudioModule;
  try {
    module = await Module.createInstance(groupId, context, state);
    // Modules on the SDK's base class forget the state that they are made with.
    if (state !== undefined) await module.audioNode.setState(state);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const blob = error instanceof DOMException && error.name === 'AbortError';
    const advice = blob ? ' (does script-src of the content security policy allow blob:?)' : '';
    throw new InputError(url, `could not start: ${message}${advice}`);
  }
  const { audioNode } = module;
  if (!(audioNode instanceof AudioNode) || audioNode.numberOfInputs === 0 || audioNode.numberOfOutputs === 0) {
    audioNode?.destroy?.();
    throw new InputError(url, 'is no effect: it has no audio input or no output');
  }
  return module;
}

/** Undefined where it took too long. */
export async function patiently<T>(context: AudioContext, action: () => Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setInterval> | undefined;
  const tooLong = new Promise<undefined>((resolve) => {
    let left = PATIENCE_SECONDS;
    timer = setInterval(() => {
      if (context.state === 'running') left--;
      if (left <= 0) resolve(undefined);
    }, 1000);
  });
  try {
    return await Promise.race([action(), tooLong]);
  } finally {
    clearInterval(timer);
  }
}

function isModule(exported: unknown): exported is typeof WebAudioModule {
  return typeof exported === 'function' && typeof (exported as { createInstance?: unknown }).createInstance === 'function';
}

interface DecoderModule {
  readonly format: typeof DECODER_FORMAT;
  readonly name: string;
  readonly vendor?: string;
  /** The script for the audio thread, relative to the module, and the name of its processor. */
  readonly processor: { readonly url: string; readonly name: string };
}

function isDecoder(exported: unknown): exported is DecoderModule {
  if (typeof exported !== 'object' || exported === null) return false;
  const { format, name, processor } = exported as Partial<DecoderModule>;
  return format === DECODER_FORMAT && typeof name === 'string' && typeof processor?.url === 'string' && typeof processor.name === 'string';
}
