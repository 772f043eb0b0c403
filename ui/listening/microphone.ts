/** The microphone, as it hears: without what makes speech clear and pianos flat. */
import { InputError } from '../../model/input-error.ts';

const PLAIN = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };

export class Microphone {
  readonly #stream: MediaStream;
  readonly #recorder: MediaRecorder;
  readonly #parts: Blob[] = [];

  private constructor(stream: MediaStream) {
    this.#stream = stream;
    this.#recorder = new MediaRecorder(stream, { audioBitsPerSecond: 256_000 });
    this.#recorder.ondataavailable = ({ data }): void => void this.#parts.push(data);
    this.#recorder.start();
  }

  /** Starts to record. @throws InputError where there is no microphone, or it may not be used */
  static async open(): Promise<Microphone> {
    const { mediaDevices } = navigator as { mediaDevices?: MediaDevices };
    if (mediaDevices === undefined) throw new InputError('microphone', 'cannot be used on this page');
    const stream = await mediaDevices.getUserMedia({ audio: PLAIN }).catch((error: DOMException) => {
      throw new InputError('microphone', error.name === 'NotAllowedError' ? 'was refused; allow it in the site settings, beside the address' : 'was not found');
    });
    return new Microphone(stream);
  }

  /** Ends the recording and lets go of the microphone. */
  async close(): Promise<Blob> {
    const { state } = this.#recorder;
    if (state !== 'inactive') {
      const stopped = new Promise((resolve) => this.#recorder.addEventListener('stop', resolve, { once: true }));
      this.#recorder.stop();
      await stopped;
    }
    this.#stream.getTracks().forEach((track) => track.stop());
    return new Blob(this.#parts, { type: this.#recorder.mimeType });
  }
}
