import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { WebMidi, type Input, type MessageEvent as MidiMessageEvent, type PortEvent } from 'webmidi';
import { EXPRESSION, SOFT, SOSTENUTO, SUSTAIN } from '../worklet/engine/controllers.ts';

export type MidiStatus = 'off' | 'waiting' | 'on' | 'unsupported' | 'refused' | 'failed';

/** Gives access to MIDI ports; `navigator.requestMIDIAccess` unless a test or a host brings its own. */
export type RequestMidiAccess = (options?: MIDIOptions) => Promise<MIDIAccess>;

export interface MidiListener {
  /** A channel message of two or three bytes, or a system exclusive one where the browser allows it, as it came in. */
  onMidiMessage(bytes: Uint8Array): void;
}

/** Listens to every input, and to every channel. */
export const ALL_INPUTS = 'all';
export const ALL_CHANNELS = 0;

const NOTE_OFF = 0x80;
const NOTE_ON = 0x90;
const CONTROL = 0xb0;
const PITCH_BEND = 0xe0;
const EXCLUSIVE = 0xf0;
/** Second byte of a wheel at rest. */
const CENTRE = 0x40;
/** What feet move, and where each is when no foot is on it. */
const PEDALS = new Map([[EXPRESSION, 127], [SUSTAIN, 0], [SOSTENUTO, 0], [SOFT, 0]]);

/** What one input holds down, so that pulling its plug leaves nothing sounding. */
interface Attachment {
  readonly input: Input;
  readonly listener: (event: MidiMessageEvent) => void;
  /** Releases by the message that they undo, e.g. key 60 of channel 1. */
  readonly releases: Map<number, Uint8Array>;
}

/** Listens to MIDI inputs through WEBMIDI.js, as they come and go. */
export class MidiController implements ReactiveController {
  status: MidiStatus = 'off';
  readonly #host: ReactiveControllerHost & MidiListener;
  readonly #attachments = new Map<string, Attachment>();
  #wanted = ALL_INPUTS;
  #channel = ALL_CHANNELS;
  /** What the browser was last asked for MIDI for; empty before. */
  #asked = '';
  /** Times that all inputs were let go. */
  #partings = 0;

  constructor(host: ReactiveControllerHost & MidiListener) {
    this.#host = host;
    host.addController(this);
  }

  /** Names of the inputs that play this piano. */
  get inputNames(): string[] {
    return Array.from(this.#attachments.values(), ({ input }) => input.name);
  }

  /** Names of all inputs that are plugged in. */
  get available(): string[] {
    return this.status === 'on' ? WebMidi.inputs.map(({ name }) => name) : [];
  }

  hostDisconnected(): void {
    this.#disable();
  }

  /**
   * Listens as the host wishes. One wish, one question: a browser that refuses is not asked again until the player does.
   *
   * @param wanted `all`, or part of the name of the inputs to listen to; empty for none
   * @param mayAsk whether the browser may be asked for MIDI now
   */
  follow(wanted: string, channel: number, mayAsk: boolean, requestMidiAccess: RequestMidiAccess | undefined): void {
    if (wanted === '') {
      if (this.#asked === '') return;
      this.#disable();
      this.#host.requestUpdate();
      return;
    }
    this.#listenTo(wanted, channel);
    if (mayAsk && wanted !== this.#asked) this.ask(wanted, requestMidiAccess);
  }

  /** Asks for MIDI, also after a refusal. */
  ask(wanted: string, requestMidiAccess: RequestMidiAccess | undefined): void {
    this.#asked = wanted;
    void this.#enable(requestMidiAccess);
  }

  /**
   * Chooses what to listen to; what an input holds down that is no longer heard is released.
   *
   * @param wanted `all`, or part of the name of the inputs to listen to
   * @param channel 1..16, or 0 for all
   */
  #listenTo(wanted: string, channel: number): void {
    if (wanted.toLowerCase() === this.#wanted && channel === this.#channel) return;
    this.#wanted = wanted.toLowerCase();
    this.#channel = channel;
    if (this.status !== 'on') return;
    for (const id of [...this.#attachments.keys()]) this.#detach(id);
    WebMidi.inputs.forEach((input) => this.#attach(input));
    this.#host.requestUpdate();
  }

  /** Asks for MIDI and attaches the inputs. A second call while MIDI is on does nothing; after a refusal it asks again. */
  async #enable(requestMidiAccess: RequestMidiAccess | undefined): Promise<void> {
    if (this.status === 'waiting' || this.status === 'on') return;
    if (requestMidiAccess === undefined && !WebMidi.supported) return this.#become('unsupported');
    this.#become('waiting');
    const partings = this.#partings;
    try {
      await WebMidi.enable(requestMidiAccess === undefined ? {} : { requestMIDIAccessFunction: requestMidiAccess });
    } catch (error) {
      if (partings !== this.#partings) return;
      const { name } = error as Error;
      return this.#become(name === 'NotAllowedError' || name === 'SecurityError' ? 'refused' : 'failed');
    }
    if (partings !== this.#partings) return;
    WebMidi.addListener('connected', this.#onConnected);
    WebMidi.addListener('disconnected', this.#onDisconnected);
    WebMidi.inputs.forEach((input) => this.#attach(input));
    this.#become('on');
  }

  /** Lets go of all inputs. */
  #disable(): void {
    this.#partings++;
    this.#asked = '';
    if (this.status === 'on') {
      WebMidi.removeListener('connected', this.#onConnected);
      WebMidi.removeListener('disconnected', this.#onDisconnected);
    }
    for (const id of [...this.#attachments.keys()]) this.#detach(id);
    this.status = 'off';
  }

  readonly #onConnected = ({ port }: PortEvent): void => {
    // The event names outputs too, and comes before an input that is still being opened can be found.
    const input = WebMidi.inputs.find(({ id }) => id === port?.id);
    if (input !== undefined) this.#attach(input);
    this.#host.requestUpdate();
  };

  readonly #onDisconnected = ({ port }: PortEvent): void => {
    if (port?.type === 'input') this.#detach(port.id);
    this.#host.requestUpdate();
  };

  #attach(input: Input): void {
    if (this.#attachments.has(input.id)) return;
    if (this.#wanted !== ALL_INPUTS && !input.name.toLowerCase().includes(this.#wanted)) return;
    const releases = new Map<number, Uint8Array>();
    const listener = ({ message }: MidiMessageEvent): void => {
      if (message.rawData[0] === EXCLUSIVE) return this.#host.onMidiMessage(message.rawData);
      if (!message.isChannelMessage || (this.#channel !== ALL_CHANNELS && message.channel !== this.#channel)) return;
      remember(releases, message.rawData);
      this.#host.onMidiMessage(message.rawData);
    };
    input.addListener('midimessage', listener);
    this.#attachments.set(input.id, { input, listener, releases });
  }

  #detach(id: string): void {
    const attachment = this.#attachments.get(id);
    if (attachment === undefined) return;
    this.#attachments.delete(id);
    attachment.input.removeListener('midimessage', attachment.listener);
    for (const release of attachment.releases.values()) this.#host.onMidiMessage(release);
  }

  #become(status: MidiStatus): void {
    this.status = status;
    this.#host.requestUpdate();
  }
}

/** Keeps the message that would undo each key that is down, each pedal that was moved and each wheel that is turned. */
function remember(releases: Map<number, Uint8Array>, [status = 0, first = 0, second = 0]: Uint8Array): void {
  const kind = status & 0xf0;
  const channel = status & 0x0f;
  if (kind === NOTE_ON || kind === NOTE_OFF) {
    const id = (channel << 8) | first;
    if (kind === NOTE_ON && second > 0) releases.set(id, Uint8Array.of(NOTE_OFF | channel, first, 0));
    else releases.delete(id);
  } else if (kind === CONTROL && PEDALS.has(first)) {
    const id = (channel << 8) | 0x80 | first;
    const rest = PEDALS.get(first)!;
    if (second !== rest) releases.set(id, Uint8Array.of(status, first, rest));
    else releases.delete(id);
  } else if (kind === PITCH_BEND) {
    const id = (channel << 8) | 0x80;
    if (first !== 0 || second !== CENTRE) releases.set(id, Uint8Array.of(status, 0, CENTRE));
    else releases.delete(id);
  }
}
