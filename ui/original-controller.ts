import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Recording } from '../model/audio/recording.ts';
import type { Performance } from '../model/performance.ts';
import type { AudioController } from './audio-controller.ts';
import type { PerformanceController } from './performance-controller.ts';

/** A recording that sounds, from `begin`, the time at which its first sample is or would have been heard. */
interface Sounding {
  readonly source: AudioBufferSourceNode;
  readonly gain: GainNode;
  readonly begin: number;
  readonly tempo: number;
}

/** Seconds that a recording may be beside the notes before it is put in its place. */
const IN_STEP = 0.004;
/** Seconds until a recording begins, and over which it fades in and out. */
const AHEAD = 0.02;
const FADE = 0.01;

/**
 * The recording in which notes were heard, played in step with them: the player goes from one to the other and back
 * without a jump. At another tempo it is heard as from a tape, higher or lower.
 */
export class OriginalController implements ReactiveController {
  /** Whether the recording is heard in place of the piano. */
  heard = false;
  readonly #host: ReactiveControllerHost;
  readonly #player: PerformanceController;
  readonly #audio: AudioController;
  #kept: { readonly performance: Performance; readonly recording: Recording } | undefined;
  #buffer: AudioBuffer | undefined;
  #sounding: Sounding | undefined;

  constructor(host: ReactiveControllerHost, player: PerformanceController, audio: AudioController) {
    this.#host = host;
    this.#player = player;
    this.#audio = audio;
    host.addController(this);
  }

  /** Whether what is open was heard in a recording that is still at hand. */
  get available(): boolean {
    return this.#kept !== undefined && this.#kept.performance === this.#player.performance;
  }

  hostUpdated(): void {
    this.#follow();
  }

  hostDisconnected(): void {
    this.#stop(0);
    this.#kept = undefined;
    this.#buffer = undefined;
  }

  /** Keeps the recording of a performance, in place of the one before. */
  keep(performance: Performance, recording: Recording): void {
    this.#stop(0);
    this.#kept = { performance, recording };
    this.#buffer = undefined;
    this.heard = false;
    this.#host.requestUpdate();
  }

  /** Goes from the piano to the recording, or back. */
  toggle(): void {
    this.heard = !this.heard;
    this.#host.requestUpdate();
  }

  /** Puts the recording where the piano plays; it runs along unheard, so that both are there at once. */
  #follow(): void {
    const { context, piano, output } = this.#audio;
    if (context === undefined || piano === undefined || output === undefined) return;
    const begin = this.#player.timeAt(0);
    const playing = begin !== undefined && this.available;
    const instead = this.heard && playing;
    piano.gain.setTargetAtTime(instead ? 0 : 1, context.currentTime, FADE / 2);
    if (!playing) return this.#stop(context.currentTime);
    const { tempo, loop } = this.#player;
    const before = this.#sounding;
    if (before === undefined || before.tempo !== tempo || Math.abs(before.begin - begin) > IN_STEP) {
      const now = context.currentTime + AHEAD;
      const place = Math.max(0, (now - begin) * tempo);
      // The last lap of a loop is still heard when the next one has been laid out.
      const from = before !== undefined && loop !== undefined && place < loop.start ? loop.start : place;
      this.#stop(begin + from / tempo);
      this.#sounding = this.#start(context, output, begin, from, tempo);
    }
    this.#sounding?.gain.gain.setTargetAtTime(instead ? 1 : 0, context.currentTime, FADE / 2);
  }

  #start(context: AudioContext, output: AudioNode, begin: number, from: number, tempo: number): Sounding {
    this.#buffer ??= bufferOf(this.#kept!.recording);
    const gain = new GainNode(context, { gain: 0 });
    const source = new AudioBufferSourceNode(context, { buffer: this.#buffer, playbackRate: tempo });
    source.connect(gain).connect(output);
    source.onended = (): void => gain.disconnect();
    source.start(begin + from / tempo, from);
    return { source, gain, begin, tempo };
  }

  /** @param time of the audio context */
  #stop(time: number): void {
    if (this.#sounding === undefined) return;
    const { source, gain } = this.#sounding;
    gain.gain.setTargetAtTime(0, time, FADE / 3);
    source.stop(time + 2 * FADE);
    this.#sounding = undefined;
  }
}

function bufferOf({ channels, sampleRate }: Recording): AudioBuffer {
  const buffer = new AudioBuffer({ numberOfChannels: channels.length, length: channels[0]!.length, sampleRate });
  channels.forEach((channel, i) => buffer.copyToChannel(channel as Float32Array<ArrayBuffer>, i));
  return buffer;
}
