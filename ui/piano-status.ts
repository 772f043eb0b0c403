import { LitElement, css, html, type CSSResult, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { MidiStatus } from './midi-controller.ts';
import './piano-gauge.ts';
import { theme } from './theme.ts';

/** The level meter's range in dB below full scale. */
const METER_RANGE = 54;
/** Peaks above this are rounded off, and loads above that may break up. */
const HIGH_PEAK = 0.98;
const HIGH_LOAD = 0.8;

const MIDI_TEXT: Record<Exclude<MidiStatus, 'on'>, string> = {
  off: 'MIDI',
  waiting: 'Asking for MIDI…',
  unsupported: 'This browser has no Web MIDI',
  refused: 'MIDI was refused: allow it in the site settings',
  failed: 'MIDI could not be opened',
};

/**
 * What the piano hears and does: MIDI inputs, level, load.
 *
 * @fires midi-use when the player asks for MIDI
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

  protected override render(): TemplateResult {
    const level = 1 + (20 * Math.log10(Math.max(this.peak, 1e-6))) / METER_RANGE;
    return html`${this.#renderMidi()}
      <piano-gauge label="Level" .value=${level} ?high=${this.peak > HIGH_PEAK}></piano-gauge>
      <piano-gauge label="Load" .value=${this.load} .reading=${`${Math.round(100 * this.load)} %`} ?high=${this.load > HIGH_LOAD}></piano-gauge>`;
  }

  #renderMidi(): TemplateResult {
    if (this.midi === 'unused') {
      return html`<button class="midi" @click=${() => this.dispatchEvent(new Event('midi-use'))}>Use MIDI</button>`;
    }
    const text = this.midi === 'on' ? this.inputs.join(', ') || 'Waiting for a MIDI keyboard' : MIDI_TEXT[this.midi];
    return html`<span class=${this.inputs.length > 0 ? 'midi on' : 'midi'} role="status">${text}</span>`;
  }

  static override readonly styles: CSSResult[] = [
    theme,
    css`
      /* Its parts stand in the row of the host's parent. */
      :host {
        display: contents;
      }

      .midi {
        order: var(--midi-order, 0);
        inline-size: var(--midi-width, auto);
        display: flex;
        align-items: center;
        gap: 0.6em;
        min-inline-size: 0;
      }

      .midi::before {
        content: '';
        flex: none;
        inline-size: 6px;
        block-size: 6px;
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
