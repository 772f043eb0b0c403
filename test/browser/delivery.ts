/** Waits, in a page, until the audio thread has heard what was said to it. */

const ECHO = `
  registerProcessor('echo', class extends AudioWorkletProcessor {
    constructor() {
      super();
      this.port.onmessage = ({ data }) => this.port.postMessage(data);
    }
    process() {
      return false;
    }
  });`;

/** Calls back and forth: messages of two ports may overtake each other, but hardly three times. */
const ECHOES = 3;

/**
 * Resolves when the audio thread of `context` has answered after everything
 * that was posted to it before. Off line this must come before rendering,
 * which takes no messages until its end.
 */
export async function delivered(context: BaseAudioContext): Promise<void> {
  const url = URL.createObjectURL(new Blob([ECHO], { type: 'text/javascript' }));
  await context.audioWorklet.addModule(url);
  URL.revokeObjectURL(url);
  const { port } = new AudioWorkletNode(context, 'echo');
  for (let i = 0; i < ECHOES; i++) {
    const answer = new Promise((answered) => (port.onmessage = answered));
    port.postMessage(i);
    await answer;
  }
}
