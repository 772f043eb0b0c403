import type { PropertyValues } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Performance, PerformanceEvent } from '../model/performance.ts';
import type { Recording } from '../model/audio/recording.ts';
import type { Style } from '../model/style.ts';
import type { Spec, Tier } from '../model/spec.ts';
import type { Weights } from '../model/weights.ts';
import { MidiReceiver } from '../worklet/midi-receiver.ts';
import { ALL_NOTES_OFF, ALL_SOUND_OFF, SUSTAIN } from '../worklet/engine/controllers.ts';
import type { PianoNode, PianoState } from '../worklet/node.ts';
import { numberFrom, text } from './attributes.ts';
import { AudioController, type AudioListener } from './audio-controller.ts';
import { InstrumentSettings } from './instrument-settings.ts';
import type { Take } from './library-store.ts';
import type { Heard } from './listening/listen.ts';
import { ListeningController, type ListeningHost } from './listening/listening-controller.ts';
import { Metronome } from './metronome.ts';
import { OriginalController } from './original-controller.ts';
import { OwnPianos, type OwnPianosHost } from './own-pianos.ts';
import { MidiHands } from './midi-hands.ts';
import { MidiController, type MidiListener, type RequestMidiAccess } from './midi-controller.ts';
import { PerformanceController, type PerformanceListener } from './performance-controller.ts';
import { PieceController } from './piece-controller.ts';
import { pieceId, type Piece } from './piece-list.ts';
import { PluginController } from './plugins/plugin-controller.ts';
import { readPlayerFile } from './player-file.ts';
import { PlayerMemory } from './player-memory.ts';
import { saveFile, saveMidiFile } from './save-file.ts';
import { StyleController, type StyleChoice } from './style-controller.ts';
import type { StyleShare } from './style-map.ts';
import { TakeController } from './take-controller.ts';
import type { Strike } from './touch-curve.ts';
import { WavController } from './wav-controller.ts';

/** Velocity of a note that the computer's keys or a script strike without one. */
const PLAIN_VELOCITY = 0.7;
const CONTROL_CHANGE = 0xb0;
const RENDER_RATE = 48_000;

/** What the piano does, without how it looks: sound, inputs, pieces and takes, and what is remembered. */
export abstract class Instrument extends InstrumentSettings implements AudioListener, MidiListener, PerformanceListener, StyleChoice, ListeningHost, OwnPianosHost {
  /** Id of the piano to play, as `pretrained/styles/index.json` of the package and `anypiano styles` list them; the first where it is empty. */
  @property({ converter: text, reflect: true }) piano = '';
  /** Id of the piano to move towards. */
  @property({ converter: text, reflect: true }) towards = '';
  /** Place between the two, 0 to 1. */
  @property({ converter: numberFrom(0) }) morph = 0;
  /** A mixture of pianos, in place of the three above. */
  @property({ attribute: false }) blend: readonly StyleShare[] = [];
  /** Size of the model: `small` for a phone, `standard` for a laptop; where it is empty, the one that suits this machine. */
  @property({ converter: text }) tier: Tier | '' = '';
  /** Folder with the weights (`model.safetensors`, `small.safetensors`), `encoder.safetensors` and `styles/`, ends in a slash; where it is empty, those of the package. */
  @property({ converter: text }) base = '';
  /** Address of a JSON list of pieces, each a `Piece`. */
  @property({ converter: text }) pieces = '';
  /** Name under which this browser keeps settings, pianos and takes; where it is empty, nothing is kept. */
  @property({ converter: text }) remember = '';
  /** Whether pianos are shared as addresses of this page, and opened where its address holds one. */
  @property({ type: Boolean }) links = false;
  /** Gives access to MIDI in place of `navigator.requestMIDIAccess`. */
  @property({ attribute: false }) requestMidiAccess: RequestMidiAccess | undefined;
  @state() protected sounding: PianoState | undefined;
  /** The last key of a MIDI keyboard. */
  @state() protected strike: Strike | undefined;

  protected readonly audio = new AudioController(this);
  protected readonly midiPorts = new MidiController(this);
  protected readonly styleChoice = new StyleController(this);
  protected readonly player = new PerformanceController(this);
  protected readonly original = new OriginalController(this, this.player, this.audio);
  protected readonly repertoire = new PieceController(this, this.player);
  protected readonly metronome = new Metronome(this);
  protected readonly takes = new TakeController(this, this.metronome);
  protected readonly wav = new WavController(this);
  protected readonly listening = new ListeningController(this);
  protected readonly ownPianos = new OwnPianos(this, this.styleChoice, () => this.#memory);
  protected readonly plugins = new PluginController(this, this.audio, this.styleChoice);
  readonly #hands = new MidiHands(this, (strike) => (this.strike = strike), (number) => this.styleChoice.chooseProgram(number));
  readonly #receiver = new MidiReceiver(this.#hands);
  #memory: PlayerMemory | undefined;

  protected abstract showKeyDown(note: number, velocity: number): void;
  protected abstract showKeyUp(note: number): void;
  protected abstract showAllKeysUp(): void;
  protected abstract showSound(state: PianoState): void;

  /** The audio node that plays, once the piano is ready. */
  get node(): PianoNode | undefined {
    return this.audio.node;
  }

  /** Wakes the audio; browsers ask that this comes from something that the player does. */
  start(): void {
    this.audio.start();
  }

  /** Strikes a key. @param velocity 0..1 */
  noteOn(note: number, velocity: number = PLAIN_VELOCITY): void {
    this.start();
    this.node?.noteOn(note, velocity);
    this.takes.recorder.noteOn(note, velocity);
    this.showKeyDown(note, velocity);
  }

  /** Lets a key go. @param velocity 0..1 of the release, if it is known */
  noteOff(note: number, velocity?: number): void {
    this.node?.noteOff(note, undefined, velocity);
    this.takes.recorder.noteOff(note);
    this.showKeyUp(note);
  }

  /** Moves the sustain pedal. @param depth 0 up .. 1 down */
  sustain(depth: number): void {
    this.control(SUSTAIN, 127 * depth);
  }

  /** Moves a MIDI controller, as `PianoNode.control`. @param value 0..127 */
  control(controller: number, value: number): void {
    this.node?.control(controller, value);
    this.takes.recorder.control(controller, value);
    if (controller === ALL_SOUND_OFF || controller === ALL_NOTES_OFF) this.showAllKeysUp();
  }

  /** Bends all keys, or one key more than all, as `PianoNode.bend`. @param cents above the piano's own pitch */
  bend(cents: number, note?: number): void {
    this.node?.bend(cents, note);
    this.takes.recorder.bend(cents, note);
  }

  /** Silences everything at once. */
  panic(): void {
    this.player.pause();
    this.node?.panic();
    this.showAllKeysUp();
  }

  /** Plays a performance, and adds it to the pieces; `parseMidiFile` makes one of a MIDI file. @throws Error if the piano is not ready yet */
  play(performance: Performance): void {
    this.start();
    this.notice = undefined;
    this.repertoire.add(performance, ...this.#stage());
  }

  /** Adds a piano to the list and plays it; `parseStyle` reads one from a file. @throws InputError if it does not fit the weights, Error if they are not there yet */
  addStyle(style: Style): void {
    this.ownPianos.add(style);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.remember !== '') {
      const memory = (this.#memory = new PlayerMemory(this.remember, this.metronome));
      memory.recall(this);
      void this.attempt(() => memory.open(this.takes, this.plugins));
    }
    void this.attempt(async () => {
      const style = this.styleChoice.open(this.base, this.#memory?.styles() ?? Promise.resolve([]), this.remember !== '');
      await this.audio.load(this.base, this.tier, style);
      if (this.node === undefined) return;
      await this.#followStyle();
      this.dispatchEvent(new CustomEvent('piano-ready', { bubbles: true, composed: true }));
      await this.ownPianos.openAddress();
    });
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const chosen = changed.has('piano') || changed.has('towards') || changed.has('morph');
    if (chosen && !changed.has('blend')) this.blend = [];
    if (this.piano === '') this.piano = this.styleChoice.summaries[0]?.id ?? '';
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (this.isTone(changed)) this.audio.set(this.tone);
    this.midiPorts.follow(this.midi, this.channel, this.audio.status === 'running', this.requestMidiAccess);
    if (changed.has('piano') || changed.has('towards') || changed.has('morph') || changed.has('blend')) {
      if (this.node !== undefined) void this.attempt(() => this.#followStyle());
    }
    if (changed.has('pieces') && this.pieces !== '') void this.attempt(() => this.repertoire.load(new URL(this.pieces, document.baseURI)));
    if (this.audio.status === 'running') this.#memory?.remember(this);
  }

  /** Asks for MIDI, also after a refusal. */
  protected useMidi(): void {
    this.start();
    this.midi ||= 'all';
    this.midiPorts.ask(this.midi, this.requestMidiAccess);
  }

  protected toggleMetronome(): void {
    this.start();
    if (this.metronome.running) this.metronome.stop();
    else if (this.audio.context !== undefined) this.metronome.start(this.audio.context);
  }

  /** Begins a take, or ends it and lays it out to be played. */
  protected toggleRecording(): void {
    this.start();
    if (!this.takes.recorder.recording) return this.takes.start();
    void this.attempt(async () => {
      const take = await this.takes.stop();
      if (take === undefined) this.notice = { text: 'Nothing was played, so there is no take to keep.' };
      else await this.repertoire.open(take, ...this.#stage());
    });
  }

  protected discardTake(take: Take): void {
    void this.attempt(async () => {
      this.repertoire.close(take.id);
      await this.takes.discard(take);
      const restore = (): void => void this.attempt(() => this.takes.restore(take));
      this.notice = { text: `${take.performance.name} was deleted.`, action: { label: 'Undo', run: restore } };
    });
  }

  /** Plays a piece from its start; what is open already, it pauses or continues. */
  protected togglePiece(piece: Piece | Take): void {
    this.start();
    void this.attempt(async () => {
      await this.repertoire.toggle(piece, ...this.#stage());
      this.notice = undefined;
    });
  }

  /** Saves a piece or a take to a file; a WAV file sounds as the piano does now. */
  protected savePiece(piece: Piece | Take, format: 'midi' | 'wav'): void {
    void this.attempt(async () => {
      const performance = await this.repertoire.performanceOf(piece);
      const name = 'title' in piece ? piece.title : performance.name;
      if (format === 'midi') {
        const beats = 'beatsPerMinute' in piece ? piece.beatsPerMinute : this.metronome.beatsPerMinute;
        return saveMidiFile(performance, name, beats);
      }
      const [weights, style] = await Promise.all([this.audio.weightsForFiles(), this.styleChoice.current()]);
      const file = await this.wav.make(pieceId(piece), { weights, style, performance, sampleRate: RENDER_RATE, ...this.tone });
      if (file !== undefined) saveFile(file, `${name}.wav`);
    });
  }

  /** Takes a file of the player's own: a MIDI file, a recording or a style. */
  onFile(file: File): void {
    void this.attempt(async () => {
      const opened = await readPlayerFile(file);
      if (opened.type === 'style') await this.ownPianos.welcome(opened.style);
      else if (opened.type === 'recording') await this.listening.open(file, file.name);
      else this.play(opened.performance);
    });
  }

  spec(): Spec {
    const { weights } = this.audio;
    if (weights === undefined) throw new Error('The piano is not ready yet.');
    return weights.spec;
  }

  listeningNeeds(): { weights: Weights; encoder: string } {
    const { weights, encoder } = this.audio;
    if (weights === undefined || encoder === undefined) throw new Error('The piano is not ready yet.');
    return { weights, encoder };
  }

  /** Plays the piano of a recording, or its notes, which then stand among the takes. */
  onHeard(heard: Heard, recording: Recording): void {
    const { ownPianos } = this;
    if (heard.type === 'style') {
      void this.attempt(() => ownPianos.welcome(heard.style, { label: 'Save it as a file', run: () => ownPianos.save() }));
      return;
    }
    const { performance } = heard;
    this.original.keep(performance, recording);
    void this.attempt(async () => this.togglePiece(await this.takes.keep(performance)));
  }

  onAudioState(sounding: PianoState): void {
    this.sounding = sounding;
    this.showSound(sounding);
  }

  onAudioError(error: Error): void {
    this.notice = { text: error.message };
    this.dispatchEvent(new CustomEvent<string>('piano-error', { detail: error.message, bubbles: true, composed: true }));
  }

  onMidiMessage(bytes: Uint8Array): void {
    const [status = 0, controller = 0, value = 0] = bytes;
    if ((status & 0xf0) === CONTROL_CHANGE && this.learn.take(controller, value)) return;
    this.#receiver.receive(bytes);
  }

  onPerformanceEvent(event: PerformanceEvent): void {
    if (event.type === 'noteOn') this.showKeyDown(event.note, event.velocity);
    else if (event.type === 'noteOff') this.showKeyUp(event.note);
  }

  onPerformanceStop(): void {
    this.showAllKeysUp();
  }

  /** Does something that may fail; a failure becomes a message, and all else goes on. */
  async attempt(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.onAudioError(error as Error);
    }
  }

  /** Plays on the piano that is chosen now. */
  async #followStyle(): Promise<void> {
    const style = await this.styleChoice.latest();
    if (style !== undefined) this.node?.setStyle(style);
  }

  /** What performances are played on, and by which clock. */
  #stage(): [PianoNode, () => number] {
    const { node } = this;
    if (node === undefined) throw new Error('The piano is not ready yet.');
    return [node, (): number => node.context.currentTime];
  }
}
