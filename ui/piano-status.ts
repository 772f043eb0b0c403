import { LitElement, css, html, type CSSResult, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { customElement } from './custom-element.ts';
import type { MidiStatus } from './midi-controller.ts';
import { MIDI_TEXT } from './midi-text.ts';
import './piano-gauge.ts';
import { theme } from './theme.ts';

/** The level meter's range in dB below full scale. */
const METER_RANGE = 54;
/** Peaks above this are rounded off, and loads above that may break up. */
const HIGH_PEAK = 0.98;
const HIGH_LOAD = 0.8;
/** Up to here only what is hardly heard is left out; beyond, notes that ring on (worklet/engine/economy.ts). */
const RINGING = 4;

/**
 * What the piano hears and does: MIDI inputs, level, load, and a word where the processor is too slow.
 *
 * @fires midi-show when the player wants to see about MIDI
 */
@customElement('piano-status')
export class PianoStatus extends LitElement {
  /** `unused` offers to switch MIDI on. */
  @property() midi: MidiStatus | 'unused' = 'unused';
  /** Names of the inputs that are connected. */
  @property({ attribute: false }) inputs: readonly string[] = [];
  /** Full scale is 1. */
  @property({ type: Number }) peak = 0;
  /** Share of real time, 0..1. */
  @property({ type: Number }) load = 0;
  /** What the piano leaves out because the processor is too slow: 0 nothing .. 8. */
  @property({ type: Number }) economy = 0;
  /** Gaps in the sound of the last seconds. */
  @property({ type: Number }) gaps = 0;

  protected override render(): TemplateResult {
    const level = 1 + (20 * Math.log10(Math.max(this.peak, 1e-6))) / METER_RANGE;
    return html`${this.#renderMidi()}
      <piano-gauge label="Level" .value=${level} ?high=${this.peak > HIGH_PEAK}></piano-gauge>
      <piano-gauge label="Load" .value=${this.load} .reading=${`${Math.round(100 * this.load)} %`} ?high=${this.load > HIGH_LOAD}></piano-gauge>
      <span class="word" role="status">${this.#word()}</span>`;
  }

  /** What a player should know of a processor that is too slow. */
  #word(): string {
    const left = this.economy === 0 ? '' : this.economy <= RINGING ? 'leaves out soft overtones' : 'lets few notes ring on';
    const gaps = this.gaps === 0 ? '' : this.gaps === 1 ? 'one gap' : `${this.gaps} gaps`;
    return [gaps, left].filter((part) => part !== '').join(', ');
  }

  #renderMidi(): TemplateResult {
    const text = this.#midiText();
    return html`<button
      class=${this.inputs.length > 0 ? 'midi on' : 'midi'}
      aria-label=${`MIDI: ${text}`}
      @click=${() => this.dispatchEvent(new Event('midi-show'))}
    >
      <span>${text}</span>
    </button>`;
  }

  #midiText(): string {
    if (this.midi === 'unused') return 'Use MIDI';
    return this.midi === 'on' ? this.inputs.join(', ') || 'Waiting for a MIDI keyboard' : MIDI_TEXT[this.midi].short;
  }

  static override readonly styles: CSSResult[] = [
    theme,
    css`
      /* Its parts stand in the row of the host's parent. */
      :host {
        display: contents;
      }

      .midi,
      .word,
      piano-gauge {
        order: var(--status-order, 0);
      }

      .word {
        min-inline-size: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        color: var(--ink);
      }

      .word:empty {
        position: absolute;
      }

      .midi {
        flex: var(--midi-flex, 0 1 auto);
        display: flex;
        align-items: center;
        gap: 0.6em;
        min-inline-size: 0;
        max-inline-size: 22em;
      }

      .midi span {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      .midi::before {
        content: '';
        flex: none;
        inline-size: 0.46em;
        block-size: 0.46em;
        border-radius: 50%;
        background: var(--line);
      }

      .midi.on::before {
        background: var(--glow);
      }

      button:hover {
        color: var(--ink);
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'piano-status': PianoStatus;
  }
}
