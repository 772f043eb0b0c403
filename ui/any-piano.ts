import { html, nothing, type CSSResult, type TemplateResult } from 'lit';
import { query, state } from 'lit/decorators.js';
import type { PianoState } from '../worklet/node.ts';
import { anyPianoStyles } from './any-piano.styles.ts';
import { ComputerKeysController, type ComputerKeysListener } from './computer-keys-controller.ts';
import { customElement } from './custom-element.ts';
import { DropController, type DropListener } from './drop-controller.ts';
import type { FilePickEvent } from './file-picker.ts';
import { Instrument } from './instrument.ts';
import type { RecordingEvent } from './listening/recording-panel.ts';
import type { LearnEvent } from './learn-button.ts';
import { KeyWindowController } from './key-window-controller.ts';
import type { MidiChooseEvent } from './midi-panel.ts';
import type { PianoNoteOff, PianoNoteOn } from './note-events.ts';
import type { PianoChooseEvent } from './piano-chooser.ts';
import type { Sheet, SheetEvent } from './piano-desk.ts';
import type { KeysMoveEvent } from './piano-fallboard.ts';
import type { OctaveShiftEvent } from './piano-foot.ts';
import type { KeyReleaseEvent, KeyStrikeEvent, PianoKeyboard } from './piano-keyboard.ts';
import './parts.ts';
import type { PianoMixEvent } from './piano-map.ts';
import type { PedalEvent } from './piano-pedal.ts';
import type { ToneEvent } from './piano-tone.ts';
import type { PianoStrings } from './piano-strings.ts';
import type { BeatsEvent, TempoEvent } from './piano-transport.ts';
import type { DiscardEvent, PieceEvent, SaveEvent } from './piece-list.ts';
import type { PluginEvent } from './plugins/plugin-panel.ts';
import type { LoopEvent, SeekEvent } from './seek-line.ts';
import { isRecording } from './player-file.ts';
import { theme } from './theme.ts';
import type { TouchCurveEvent } from './touch-curve.ts';

/**
 * A playable neural piano: keys, pedal, a map of pianos to move between, MIDI
 * inputs, the computer's keys, pieces to listen to, and takes of one's own.
 *
 * ```html
 * <script type="module" src="anypiano.js"></script>
 * <any-piano piano="salamander-c5" midi="all"></any-piano>
 * ```
 *
 * @slot title - What stands at the top left.
 * @slot about - What the credits end with.
 * @slot plugins - What the page has to say about plugins.
 *
 * @fires {CustomEvent} piano-ready - The piano can be played. It bubbles.
 * @fires {CustomEvent<string>} piano-error - Something failed, and the piano goes on as it did; `detail` is a sentence for the player. It bubbles.
 * @fires {CustomEvent<PianoNoteOn>} piano-note-on - A key goes down, whoever plays: a hand, MIDI, a piece or a script. `detail` has `note` and `velocity`.
 * @fires {CustomEvent<PianoNoteOff>} piano-note-off - A key comes up; `detail` has `note`.
 *
 * @csspart instrument - All of it.
 * @csspart header - The line at the top: title, status and spectrum.
 * @csspart inside - Where the strings are seen.
 * @csspart desk - The sheets with pianos, pieces, touch, tone and plugins.
 * @csspart start - The button that asks for the first gesture.
 * @csspart fallboard - The board over the keys, with the player's buttons.
 * @csspart keyboard - The keys.
 * @csspart foot - Pedals and octaves.
 *
 * @cssprop --any-piano-paper - Background.
 * @cssprop --any-piano-ink - Text.
 * @cssprop --any-piano-soft - Text of less weight.
 * @cssprop --any-piano-line - Hairlines.
 * @cssprop --any-piano-glow - What sounds, and what has the focus.
 * @cssprop --any-piano-case - The wood of the case.
 * @cssprop --any-piano-board - The soundboard behind the strings.
 * @cssprop --any-piano-gold - Brass.
 * @cssprop --any-piano-felt - Felt.
 * @cssprop --any-piano-ivory - White keys.
 * @cssprop --any-piano-ebony - Black keys.
 * @cssprop --any-piano-steel - Plain strings.
 * @cssprop --any-piano-copper - Wound strings.
 * @cssprop --any-piano-serif - Font family of names.
 * @cssprop --any-piano-sans - Font family of all else.
 */
@customElement('any-piano')
export class AnyPiano extends Instrument implements ComputerKeysListener, DropListener {
  /** Of the shadow root. */
  static override readonly styles: CSSResult[] = [theme, anyPianoStyles];

  @state() private sheet: Sheet = 'pianos';
  @query('piano-keyboard') private keyboard!: PianoKeyboard | null;
  @query('piano-strings') private strings!: PianoStrings | null;

  readonly #keys = new ComputerKeysController(this);
  readonly #drop = new DropController(this);
  readonly #window = new KeyWindowController(this);
  /** Keys that are down. */
  readonly #down = new Set<number>();

  /** Loads an effect behind the piano, or a decoder in its place; where it fails it is muted and named. @param url of its module */
  addPlugin(url: string): Promise<void> {
    const address = URL.canParse(url, document.baseURI) ? new URL(url, document.baseURI).href : url;
    return this.plugins.add({ url: address, bypassed: false, state: undefined });
  }

  onPedalKey(down: boolean): void {
    this.sustain(down ? 1 : 0);
  }

  /** A recording is asked about among the pianos. */
  override onFile(file: File): void {
    if (isRecording(file)) this.sheet = 'pianos';
    super.onFile(file);
  }

  protected override showKeyDown(note: number, velocity: number): void {
    this.#down.add(note);
    this.keyboard?.press(note, velocity);
    this.dispatchEvent(new CustomEvent<PianoNoteOn>('piano-note-on', { detail: { note, velocity } }));
  }

  protected override showKeyUp(note: number): void {
    this.#down.delete(note);
    this.keyboard?.release(note);
    this.dispatchEvent(new CustomEvent<PianoNoteOff>('piano-note-off', { detail: { note } }));
  }

  protected override showAllKeysUp(): void {
    for (const note of [...this.#down]) this.showKeyUp(note);
    this.keyboard?.releaseAll();
  }

  protected override showSound({ notes }: PianoState): void {
    const glow = Array.from(notes, glowOf);
    this.keyboard?.showLevels(glow);
    this.strings?.showLevels(glow);
  }

  protected override render(): TemplateResult {
    const open = this.player.performance !== undefined;
    return html`<div part="instrument" class=${open ? 'instrument open' : 'instrument'}>
      <header part="header">
        <slot name="title"></slot>
        <piano-status
          .midi=${this.midiPorts.status === 'off' && this.midi === '' ? 'unused' : this.midiPorts.status}
          .inputs=${this.midiPorts.inputNames}
          .peak=${this.sounding?.peak ?? 0}
          .load=${this.sounding?.load ?? 0}
          .economy=${this.sounding?.economy ?? 0}
          .gaps=${this.audio.gaps?.recent(performance.now() / 1000) ?? 0}
          @midi-show=${() => (this.sheet = 'touch')}
        ></piano-status>
        <piano-spectrogram .analyser=${this.audio.analyser}></piano-spectrogram>
      </header>
      <div part="inside" class="inside">
        <piano-strings .first=${this.#window.first} .shown=${this.#window.shown}></piano-strings>
        ${open ? this.#renderRoll() : nothing} ${this.#renderDesk()} ${this.#renderStart()}
        <piano-notice .notice=${this.notice} @notice-close=${() => (this.notice = undefined)}></piano-notice>
      </div>
      ${this.#renderFallboard(open)}
      <piano-keyboard
        part="keyboard"
        .first=${this.#window.first}
        .shown=${this.#window.shown}
        .legends=${this.#keys.legends}
        @key-strike=${(event: KeyStrikeEvent) => this.noteOn(event.note, event.velocity)}
        @key-release=${(event: KeyReleaseEvent) => this.noteOff(event.note)}
      ></piano-keyboard>
      <piano-foot
        part="foot"
        .sustain=${this.sounding?.sustain ?? 0}
        .sostenuto=${this.sounding?.sostenuto ?? 0}
        .soft=${this.sounding?.soft ?? 0}
        @pedal=${(event: PedalEvent) => this.control(event.controller, 127 * event.depth)}
        @octave-shift=${(event: OctaveShiftEvent) => this.#keys.shift(event.octaves)}
        @silence=${() => this.panic()}
      ></piano-foot>
      ${this.#drop.over ? html`<div class="drop">Drop a MIDI file, a recording or a piano</div>` : nothing}
    </div>`;
  }

  #renderDesk(): TemplateResult {
    return html`<piano-desk part="desk" .sheet=${this.sheet} @sheet=${(event: SheetEvent) => (this.sheet = event.sheet)} @learn=${this.#onLearn}>
      <div slot="pianos" class="sheet">
        <piano-chooser
          .pianos=${this.styleChoice.summaries}
          .shares=${this.styleChoice.shares}
          .map=${this.styleChoice.map}
          @piano-choose=${(event: PianoChooseEvent) => this.styleChoice.choose(event.id)}
          @piano-mix=${(event: PianoMixEvent) => this.styleChoice.mix(event.shares)}
        ></piano-chooser>
        <recording-panel .state=${this.listening.state} @recording=${this.#onRecording}></recording-panel>
        <piano-credits
          .pianos=${this.styleChoice.summaries}
          .piano=${this.piano}
          .own=${this.styleChoice.isOwn(this.piano)}
          .links=${this.links}
          @piano-save=${() => this.ownPianos.save()}
          @piano-share=${() => this.ownPianos.share()}
          @piano-discard=${() => this.ownPianos.discard()}
          ><slot name="about"></slot
        ></piano-credits>
      </div>
      <div slot="pieces" class="sheet">
        <piece-list
          .pieces=${this.repertoire.list}
          .takes=${this.takes.list}
          .open=${this.repertoire.openId}
          .playing=${this.player.playing}
          .wav=${this.wav.job}
          @piece=${(event: PieceEvent) => this.togglePiece(event.piece)}
          @save=${(event: SaveEvent) => this.savePiece(event.piece, event.format)}
          @discard=${(event: DiscardEvent) => this.discardTake(event.take)}
        ></piece-list>
        <file-picker @file-pick=${(event: FilePickEvent) => this.onFile(event.file)}></file-picker>
      </div>
      <div slot="touch" class="sheet touch">
        <midi-panel
          .status=${this.midiPorts.status}
          .available=${this.midiPorts.available}
          .input=${this.midi}
          .channel=${this.channel}
          @midi-use=${() => this.useMidi()}
          @midi-choose=${(event: MidiChooseEvent) => ([this.midi, this.channel] = [event.input, event.channel])}
        ></midi-panel>
        <touch-curve
          .touch=${this.touch}
          .strike=${this.strike}
          .controller=${this.learned.touch}
          .waiting=${this.learn.waiting === 'touch'}
          .midi=${this.midiPorts.inputNames.length > 0}
          @touch-curve=${(event: TouchCurveEvent) => (this.touch = event.touch)}
        ></touch-curve>
      </div>
      <div slot="tone" class="sheet">
        <piano-tone
          .values=${this.tone}
          .learned=${this.learned}
          .waiting=${this.learn.waiting}
          .midi=${this.midiPorts.inputNames.length > 0}
          @tone=${(event: ToneEvent) => (this[event.setting] = event.value)}
          @tone-reset=${() => this.resetTone()}
        ></piano-tone>
      </div>
      <div slot="plugins" class="sheet">
        <plugin-panel .plugins=${this.plugins.list} .opened=${this.plugins.opened} @plugin=${(event: PluginEvent) => this.plugins.grant(event.wish)}
          ><slot name="plugins"></slot
        ></plugin-panel>
      </div>
    </piano-desk>`;
  }

  #renderRoll(): TemplateResult {
    return html`<piano-roll
      .performance=${this.player.performance}
      .playing=${this.player.playing}
      .loop=${this.player.loop}
      .position=${this.#position}
      .first=${this.#window.first}
      .shown=${this.#window.shown}
    ></piano-roll>`;
  }

  readonly #onRecording = ({ wish }: RecordingEvent): void => {
    if (typeof wish === 'object') this.onFile(wish.file);
    else this.listening.fulfil(wish);
  };

  readonly #onLearn = ({ setting, forget }: LearnEvent): void => {
    if (forget) this.forgetController(setting);
    else this.learn.toggle(setting);
  };

  readonly #position = (): number => this.player.position;

  #renderFallboard(open: boolean): TemplateResult {
    const { player } = this;
    const duration = player.performance?.seconds ?? 0;
    const onLoop = (event: LoopEvent): void => void (player.loop = event.loop);
    return html`<piano-fallboard
      part="fallboard"
      .names=${this.styleChoice.shares.map(({ id, share }) => ({ name: this.styleChoice.nameOf(id), share }))}
      .first=${this.#window.first}
      .shown=${this.#window.shown}
      @keys-move=${(event: KeysMoveEvent) => this.#window.moveTo(event.first)}
      @seek=${(event: SeekEvent) => player.seek(event.seconds)}
      @loop=${onLoop}
    >
      ${open
        ? html`<seek-line slot="edge" .name=${this.repertoire.openName} .position=${player.position} .duration=${duration} .loop=${player.loop}></seek-line>`
        : nothing}
      <piano-transport
        .recording=${this.takes.recorder.recording}
        .metronome=${this.metronome.running}
        .beatsPerMinute=${this.metronome.beatsPerMinute}
        .open=${open}
        .playing=${player.playing}
        .position=${player.position}
        .duration=${duration}
        .tempo=${player.tempo}
        .loop=${player.loop}
        .original=${this.original.available ? this.original.heard : undefined}
        @record=${() => this.toggleRecording()}
        @metronome=${() => this.toggleMetronome()}
        @beats=${(event: BeatsEvent) => (this.metronome.beatsPerMinute = event.beatsPerMinute)}
        @play-pause=${() => this.repertoire.current !== undefined && this.togglePiece(this.repertoire.current)}
        @original=${() => this.original.toggle()}
        @tempo=${(event: TempoEvent) => (player.tempo = event.tempo)}
      ></piano-transport>
    </piano-fallboard>`;
  }

  #renderStart(): TemplateResult {
    const { status } = this.audio;
    const text = { loading: 'Loading', ready: 'Play', running: 'Play', failed: 'No sound' }[status];
    return html`<button part="start" class=${status === 'running' ? 'start done' : 'start'} ?disabled=${status === 'failed'} @click=${() => this.start()}>
      ${text}
    </button>`;
  }
}

/** How brightly a note glows, 0..1, for a level of 0..255 over 60 dB: a strong note in full, and less and less to its end. */
function glowOf(level: number): number {
  return Math.min(1, level / 190) ** 1.4;
}

declare global {
  interface HTMLElementTagNameMap {
    'any-piano': AnyPiano;
  }
  interface HTMLElementEventMap {
    'piano-ready': CustomEvent;
    'piano-error': CustomEvent<string>;
    'piano-note-on': CustomEvent<PianoNoteOn>;
    'piano-note-off': CustomEvent<PianoNoteOff>;
  }
}
