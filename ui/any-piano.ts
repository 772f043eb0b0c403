import { LitElement, html, nothing, type CSSResult, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Performance, PerformanceEvent } from '../model/performance.ts';
import type { Style } from '../model/style.ts';
import type { PianoNode, PianoState } from '../worklet/node.ts';
import { anyPianoStyles } from './any-piano.styles.ts';
import { AudioController, type AudioListener } from './audio-controller.ts';
import { ComputerKeysController, type ComputerKeysListener } from './computer-keys-controller.ts';
import { DropController, type DropListener } from './drop-controller.ts';
import './file-picker.ts';
import type { FilePickEvent } from './file-picker.ts';
import { KeyWindowController } from './key-window-controller.ts';
import { MidiController, type MidiListener, type RequestMidiAccess } from './midi-controller.ts';
import { PerformanceController, type PerformanceListener } from './performance-controller.ts';
import './piano-chooser.ts';
import type { PianoChooseEvent, PianoMorphEvent } from './piano-chooser.ts';
import './piano-credits.ts';
import './piano-fallboard.ts';
import type { KeysMoveEvent } from './piano-fallboard.ts';
import './piano-foot.ts';
import type { OctaveShiftEvent } from './piano-foot.ts';
import './piano-keyboard.ts';
import type { KeyReleaseEvent, KeyStrikeEvent, PianoKeyboard } from './piano-keyboard.ts';
import './piano-stage.ts';
import type { StageEvent } from './piano-stage.ts';
import './piano-status.ts';
import './piano-strings.ts';
import type { PianoStrings } from './piano-strings.ts';
import { PieceController } from './piece-controller.ts';
import './piece-list.ts';
import type { PieceEvent, PieceSeekEvent } from './piece-list.ts';
import { readPlayerFile } from './player-file.ts';
import { StyleController, type StyleChoice } from './style-controller.ts';
import type { PedalEvent } from './sustain-pedal.ts';
import { theme } from './theme.ts';

/** Velocity of a note that the computer's keys or a script strike without one. */
const PLAIN_VELOCITY = 0.7;
/**
 * A playable neural piano: keys, pedal, pianos to choose from and to move
 * between, MIDI inputs, the computer's keys, and pieces to listen to.
 *
 * ```html
 * <script type="module" src="anypiano.js"></script>
 * <any-piano piano="salamander-c5" midi="all"></any-piano>
 * ```
 *
 * @slot title what stands at the top left
 * @slot about what the credits end with
 * @fires piano-ready when the piano can be played
 * @fires piano-error with a sentence as its `detail` when something failed; the piano goes on playing as it did
 */
@customElement('any-piano')
export class AnyPiano
  extends LitElement
  implements AudioListener, MidiListener, ComputerKeysListener, PerformanceListener, DropListener, StyleChoice
{
  static override readonly styles: CSSResult[] = [theme, anyPianoStyles];

  /** Id of the piano to play; the first of the list where it is empty. */
  @property({ reflect: true }) piano = '';
  /** Id of the piano to move towards. */
  @property({ reflect: true }) towards = '';
  /** Place between the two, 0 to 1. */
  @property({ type: Number }) morph = 0;
  /** How far the keyboard reaches from left to right, 0 to 1. */
  @property({ type: Number }) width = 0.7;
  /** Level of a small room around the piano, 0 to 1. */
  @property({ type: Number }) room = 0.2;
  /** MIDI inputs to listen to: `all`, or part of their name. Where it is empty, the player can switch MIDI on. */
  @property() midi = '';
  /** Folder with `model.safetensors` and `styles/`; by default the one that lies beside this script. */
  @property() base: string = new URL('pretrained/', import.meta.url).href;
  /** Address of a JSON list of pieces, each a `Piece`. */
  @property() pieces = '';
  /** Gives access to MIDI in place of `navigator.requestMIDIAccess`. */
  @property({ attribute: false }) requestMidiAccess: RequestMidiAccess | undefined;

  @state() private message = '';
  @state() private sounding: PianoState | undefined;
  @query('piano-keyboard') private keyboard!: PianoKeyboard;
  @query('piano-strings') private strings!: PianoStrings;

  readonly #audio = new AudioController(this);
  readonly #midi = new MidiController(this);
  readonly #keys = new ComputerKeysController(this);
  readonly #styles = new StyleController(this);
  readonly #player = new PerformanceController(this);
  readonly #pieces = new PieceController(this, this.#player);
  readonly #drop = new DropController(this);
  readonly #window = new KeyWindowController(this);
  #styleRequests = 0;

  /** The audio node that plays, once the piano is ready. */
  get node(): PianoNode | undefined {
    return this.#audio.node;
  }

  /** Wakes the audio; browsers ask that this comes from something that the player does. */
  start(): void {
    this.#audio.start();
  }

  /** Strikes a key. @param velocity 0..1 */
  noteOn(note: number, velocity: number = PLAIN_VELOCITY): void {
    this.start();
    this.node?.noteOn(note, velocity);
    this.keyboard.press(note);
  }

  noteOff(note: number): void {
    this.node?.noteOff(note);
    this.keyboard.release(note);
  }

  /** Moves the sustain pedal. @param depth 0 up .. 1 down */
  sustain(depth: number): void {
    this.node?.sustain(depth);
  }

  /** Silences everything at once. */
  panic(): void {
    this.#player.pause();
    this.node?.panic();
    this.keyboard.releaseAll();
  }

  /** Plays a performance, and adds it to the pieces. @throws Error if the piano is not ready yet */
  play(performance: Performance): void {
    this.start();
    this.message = '';
    this.#pieces.add(performance, ...this.#stage());
  }

  /** Adds a piano to the list and plays it. @throws InputError if it does not fit the weights, Error if they are not there yet */
  addStyle(style: Style): void {
    if (this.#audio.weights === undefined) throw new Error('The piano is not ready yet.');
    this.#styles.add(style, this.#audio.weights.spec);
    this.message = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#try(async () => {
      const base = new URL(this.base, document.baseURI);
      await this.#audio.load(new URL('model.safetensors', base), this.#styles.open(new URL('styles/', base)));
      this.dispatchEvent(new CustomEvent('piano-ready', { bubbles: true, composed: true }));
    });
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (this.midi !== '' && this.#audio.status === 'running') void this.#midi.enable(this.midi, this.requestMidiAccess);
    if (changed.has('piano') || changed.has('towards') || changed.has('morph')) void this.#try(() => this.#applyStyle());
    if (changed.has('width') || changed.has('room')) this.#audio.setStage(this.width, this.room);
    if (changed.has('pieces') && this.pieces !== '') void this.#try(() => this.#pieces.load(new URL(this.pieces, document.baseURI)));
  }

  /** Gives the node the style that the properties name; where that fails, the piano stays as it was. */
  async #applyStyle(): Promise<void> {
    const latest = ++this.#styleRequests;
    if (this.node === undefined) return;
    const style = await this.#styles.current();
    // A slider moves on while a file is loading.
    if (latest === this.#styleRequests) this.node.setStyle(style);
  }

  /** What performances are played on, and by which clock. */
  #stage(): [PianoNode, () => number] {
    const { node } = this;
    if (node === undefined) throw new Error('The piano is not ready yet.');
    return [node, (): number => node.context.currentTime];
  }

  /** Does something that may fail; a failure becomes a message, and all else goes on. */
  async #try(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.onAudioError(error as Error);
    }
  }

  onAudioState(sounding: PianoState): void {
    this.sounding = sounding;
    const glow = Array.from(sounding.notes, glowOf);
    this.keyboard.showLevels(glow);
    this.strings.showLevels(glow);
  }

  onAudioError(error: Error): void {
    this.message = error.message;
    this.dispatchEvent(new CustomEvent('piano-error', { detail: error.message, bubbles: true, composed: true }));
  }

  onMidiMessage(bytes: Uint8Array): void {
    this.#audio.start();
    this.node?.midi(bytes);
    const [status = 0, note = 0, velocity = 0] = bytes;
    const kind = status & 0xf0;
    if (kind === 0x90 && velocity > 0) this.keyboard.press(note);
    else if (kind === 0x80 || kind === 0x90) this.keyboard.release(note);
  }

  onPedalKey(down: boolean): void {
    this.sustain(down ? 1 : 0);
  }

  onPerformanceEvent(event: PerformanceEvent): void {
    if (event.type === 'noteOn') this.keyboard.press(event.note);
    else if (event.type === 'noteOff') this.keyboard.release(event.note);
  }

  onPerformanceStop(): void {
    this.keyboard?.releaseAll();
  }

  onFile(file: File): void {
    void this.#try(async () => {
      const opened = await readPlayerFile(file);
      if (opened.type === 'style') this.addStyle(opened.style);
      else this.play(opened.performance);
    });
  }

  protected override render(): TemplateResult {
    return html`<div class="instrument">
      <header>
        <slot name="title"></slot>
        <piano-status
          .midi=${this.#midi.status === 'off' && this.midi === '' ? 'unused' : this.#midi.status}
          .inputs=${this.#midi.inputNames}
          .peak=${this.sounding?.peak ?? 0}
          .load=${this.sounding?.load ?? 0}
          @midi-use=${() => (this.midi = 'all')}
        ></piano-status>
      </header>
      <div class="inside">
        <piano-strings .first=${this.#window.first} .shown=${this.#window.shown}></piano-strings>
        ${this.#renderDesk()} ${this.#renderStart()}
        <div role="status" class=${this.message === '' ? 'hidden' : 'message'}>
          ${this.message === ''
            ? nothing
            : html`<span>${this.message}</span><button aria-label="Close the message" @click=${() => (this.message = '')}>✕</button>`}
        </div>
      </div>
      <piano-fallboard
        .piano=${this.#styles.nameOf(this.piano)}
        .towards=${this.#styles.nameOf(this.towards)}
        .morph=${this.morph}
        .first=${this.#window.first}
        .shown=${this.#window.shown}
        @keys-move=${(event: KeysMoveEvent) => this.#window.moveTo(event.first)}
      ></piano-fallboard>
      <piano-keyboard
        .first=${this.#window.first}
        .shown=${this.#window.shown}
        .legends=${this.#keys.legends}
        @key-strike=${(event: KeyStrikeEvent) => this.noteOn(event.note, event.velocity)}
        @key-release=${(event: KeyReleaseEvent) => this.noteOff(event.note)}
      ></piano-keyboard>
      <piano-foot
        .depth=${this.sounding?.sustain ?? 0}
        @pedal=${(event: PedalEvent) => this.sustain(event.depth)}
        @octave-shift=${(event: OctaveShiftEvent) => this.#keys.shift(event.octaves)}
        @silence=${() => this.panic()}
      ></piano-foot>
      ${this.#drop.over ? html`<div class="drop">Drop a MIDI file or a piano</div>` : nothing}
    </div>`;
  }

  #renderDesk(): TemplateResult {
    return html`<div class="desk">
      <piano-chooser
        .pianos=${this.#styles.summaries}
        .piano=${this.piano}
        .towards=${this.towards}
        .morph=${this.morph}
        @piano-choose=${(event: PianoChooseEvent) => (event.role === 'piano' ? this.#styles.choose(event.id) : (this.towards = event.id))}
        @piano-morph=${(event: PianoMorphEvent) => (this.morph = event.morph)}
      ></piano-chooser>
      <piano-stage .width=${this.width} .room=${this.room} @stage=${(event: StageEvent) => Object.assign(this, { width: event.width, room: event.room })}></piano-stage>
      <piano-credits .pianos=${this.#styles.summaries} .piano=${this.piano}><slot name="about"></slot></piano-credits>
      <div>
        <piece-list
          .pieces=${this.#pieces.list}
          .open=${this.#pieces.current}
          .playing=${this.#player.playing}
          .position=${this.#player.position}
          .duration=${this.#player.performance?.seconds ?? 0}
          @piece=${this.#onPiece}
          @piece-seek=${(event: PieceSeekEvent) => this.#player.seek(event.seconds)}
        ></piece-list>
        <file-picker @file-pick=${(event: FilePickEvent) => this.onFile(event.file)}></file-picker>
      </div>
    </div>`;
  }

  #renderStart(): TemplateResult {
    const { status } = this.#audio;
    const text = { loading: 'Loading', ready: 'Play', running: 'Play', failed: 'No sound' }[status];
    return html`<button class=${status === 'running' ? 'start done' : 'start'} ?disabled=${status === 'failed'} @click=${() => this.start()}>
      ${text}
    </button>`;
  }

  readonly #onPiece = (event: PieceEvent): void => {
    this.start();
    void this.#try(async () => {
      await this.#pieces.toggle(event.piece, ...this.#stage());
      this.message = '';
    });
  };
}

/** How brightly a note glows, 0..1, for a level of 0..255 over 60 dB: a strong note in full, and less and less to its end. */
function glowOf(level: number): number {
  return Math.min(1, level / 200) ** 2;
}

declare global {
  interface HTMLElementTagNameMap {
    'any-piano': AnyPiano;
  }
}
