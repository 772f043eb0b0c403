/** A listener on the audio thread, for the browser to load: it notes when its input leaves silence. */

/** Name of the processor. */
export const ONSET_PROCESSOR = 'onset-listener';
/** A louder sample ends the silence. */
export const ONSET_SILENCE = 1e-6;
/** Frames that have to be silent before. */
const QUIET_FRAMES = 512;

/** What the listener posts for each onset. */
export interface Onset {
  /** Of the context's clock. */
  readonly frame: number;
  /** `Date.now()` on the audio thread when it saw the onset. */
  readonly wallMilliseconds: number;
}

/** Source of the listener; it has one input and no outputs. */
export const ONSET_SOURCE = `
  registerProcessor('${ONSET_PROCESSOR}', class extends AudioWorkletProcessor {
    #quiet = ${QUIET_FRAMES};
    process([[samples]]) {
      if (!samples) return true;
      for (let i = 0; i < samples.length; i++) {
        if (!(Math.abs(samples[i]) > ${ONSET_SILENCE})) {
          this.#quiet++;
          continue;
        }
        if (this.#quiet >= ${QUIET_FRAMES}) this.port.postMessage({ frame: currentFrame + i, wallMilliseconds: Date.now() });
        this.#quiet = 0;
      }
      return true;
    }
  });`;
