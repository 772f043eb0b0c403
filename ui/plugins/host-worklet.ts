/** What a host of Web Audio Modules has on the audio thread: environment, group, and a guard behind each effect. */
import initializeWamEnv from '@webaudiomodules/sdk/src/WamEnv.js';
import initializeWamGroup from '@webaudiomodules/sdk/src/WamGroup.js';
import { GUARD_NAME } from './guard-protocol.ts';

/** Of the modules' interface. */
const API_VERSION = '2.0.0-alpha.6';
/** The address of this script names the group and its key; an audio thread has no `URL` to take it apart. */
const [, group, key] = /#group=([\w-]+)&key=([\w-]+)/.exec((import.meta as ImportMeta & { readonly url: string }).url) ?? [];

initializeWamEnv(API_VERSION);
if (group !== undefined && key !== undefined) initializeWamGroup(group, key);

/** Hands on what a plugin plays, and nothing that is not a number; says so once. A message lets it go. */
class Guard extends AudioWorkletProcessor {
  #broken = false;
  #dismissed = false;

  constructor() {
    super();
    this.port.onmessage = (): void => void (this.#dismissed = true);
  }

  process([input]: Float32Array[][], [output]: Float32Array[][]): boolean {
    for (let c = 0; c < output!.length; c++) {
      const from = input![c];
      const to = output![c]!;
      if (from === undefined) continue;
      for (let n = 0; n < to.length; n++) {
        const sample = from[n]!;
        // Infinities and NaN give NaN.
        if (sample - sample === 0) to[n] = sample;
        else this.#break();
      }
    }
    return !this.#dismissed;
  }

  #break(): void {
    if (!this.#broken) this.port.postMessage(undefined);
    this.#broken = true;
  }
}

registerProcessor(GUARD_NAME, Guard);
