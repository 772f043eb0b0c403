import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { etude } from '../../model/etude.ts';
import type { Recording } from '../../model/audio/recording.ts';
import type { ListenRequest } from '../../model/extract/worker-protocol.ts';
import { saveMidiFile } from '../save-file.ts';
import { decodeRecording } from './decode-recording.ts';
import { listen, type Heard } from './listen.ts';
import { Microphone } from './microphone.ts';

/** What becomes of a recording of the player's own. */
export type ListeningState =
  | { readonly type: 'idle' }
  /** The microphone listens, since so many seconds. */
  | { readonly type: 'recording'; readonly seconds: number }
  /** There is a recording, and a question what to do with it. */
  | { readonly type: 'offer'; readonly name: string; readonly seconds: number }
  | { readonly type: 'working'; readonly name: string; readonly wanted: ListenRequest['wanted']; /** 0..1 */ readonly done: number; /** Seconds. */ readonly left: number | undefined };

/** What the player asks for: the microphone, its end, what becomes of the recording, nothing more of it, or what to play for it. */
export type ListeningWish = 'microphone' | 'finish' | ListenRequest['wanted'] | 'stop' | 'etude';

export interface ListeningHost {
  /** What the worker needs; throws Error before it is there. */
  listeningNeeds(): Pick<ListenRequest, 'weights' | 'encoder'>;
  onHeard(heard: Heard, recording: Recording): void;
  onAudioError(error: Error): void;
}

const MOST_MICROPHONE_SECONDS = 90;
const IDLE = { type: 'idle' } as const;
/** Below this share the time left is a guess. */
const SURE = 0.08;

/** One recording at a time: from a file or the microphone, to its notes or its piano. */
export class ListeningController implements ReactiveController {
  state: ListeningState = IDLE;
  readonly #host: ReactiveControllerHost & ListeningHost;
  #offered: { readonly name: string; readonly recording: Recording } | undefined;
  #microphone: Microphone | undefined;
  #clock = 0;
  #abort = new AbortController();

  constructor(host: ReactiveControllerHost & ListeningHost) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.stop();
  }

  fulfil(wish: ListeningWish): void {
    if (wish === 'microphone') void this.record();
    else if (wish === 'finish') void this.finish();
    else if (wish === 'stop') this.stop();
    else if (wish === 'etude') saveMidiFile(etude(), 'etude');
    else void this.listen(wish);
  }

  /** Decodes a recording and asks what to do with it. */
  async open(file: Blob, name: string): Promise<void> {
    this.stop();
    const signal = this.#abort.signal;
    await this.#attempt(async () => {
      const recording = await decodeRecording(file, name);
      if (signal.aborted) return;
      this.#offered = { name: name.replace(/\.\w{2,4}$/, ''), recording };
      this.#show({ type: 'offer', name: this.#offered.name, seconds: recording.channels[0]!.length / recording.sampleRate });
    }, signal);
  }

  /** Records with the microphone, until `finish` or a minute and a half has passed. */
  async record(): Promise<void> {
    this.stop();
    const { signal } = this.#abort;
    await this.#attempt(async () => {
      const microphone = await Microphone.open();
      // The question may stand for long, and meanwhile the player may want something else.
      if (signal.aborted) return void microphone.close();
      this.#microphone = microphone;
      this.#show({ type: 'recording', seconds: 0 });
      const start = performance.now();
      this.#clock = window.setInterval(() => {
        const seconds = (performance.now() - start) / 1000;
        if (seconds >= MOST_MICROPHONE_SECONDS) void this.finish();
        else this.#show({ type: 'recording', seconds });
      }, 250);
    }, signal);
  }

  /** Ends the recording with the microphone. */
  async finish(): Promise<void> {
    clearInterval(this.#clock);
    const { signal } = this.#abort;
    const microphone = this.#microphone;
    this.#microphone = undefined;
    const file = await microphone?.close();
    if (file !== undefined && !signal.aborted) await this.open(file, 'My piano');
  }

  /** Listens to the recording that was offered. */
  async listen(wanted: ListenRequest['wanted']): Promise<void> {
    const offered = this.#offered;
    if (offered === undefined) return;
    const { signal } = this.#abort;
    const start = performance.now();
    const show = (done: number): void => {
      const left = done > SURE ? ((performance.now() - start) / 1000) * (1 / done - 1) : undefined;
      if (!signal.aborted) this.#show({ type: 'working', name: offered.name, wanted, done, left });
    };
    show(0);
    await this.#attempt(async () => {
      const heard = await listen({ wanted, ...offered, ...this.#host.listeningNeeds() }, show, signal);
      this.stop();
      this.#host.onHeard(heard, offered.recording);
    }, signal);
  }

  /** Stops whatever goes on, and forgets the recording. */
  stop(): void {
    clearInterval(this.#clock);
    void this.#microphone?.close();
    this.#microphone = undefined;
    this.#offered = undefined;
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#show(IDLE);
  }

  async #attempt(action: () => Promise<void>, signal: AbortSignal): Promise<void> {
    try {
      await action();
    } catch (error) {
      if (signal.aborted) return;
      this.stop();
      this.#host.onAudioError(error as Error);
    }
  }

  #show(state: ListeningState): void {
    this.state = state;
    this.#host.requestUpdate();
  }
}
