import { LitElement, css, html, type CSSResult, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { customElement } from './custom-element.ts';
import './piano-pedal.ts';
import { theme } from './theme.ts';

/** MIDI controllers of the pedals. */
const [SUSTAIN, SOSTENUTO, SOFT] = [64, 66, 67];

/** The player moved the computer's keys along the piano. */
export class OctaveShiftEvent extends Event {
  static readonly type = 'octave-shift';
  readonly octaves: number;

  constructor(octaves: number) {
    super(OctaveShiftEvent.type, { bubbles: true, composed: true });
    this.octaves = octaves;
  }
}

/**
 * What is at the player's feet: the three pedals, and beside them the octave of the
 * computer's keys and the way to silence.
 *
 * @fires pedal with `controller` and `depth`
 * @fires octave-shift with `octaves`
 * @fires silence
 */
@customElement('piano-foot')
export class PianoFoot extends LitElement {
  /** Depth of each pedal, 0 up .. 1 down. */
  @property({ type: Number }) sustain = 0;
  @property({ type: Number }) sostenuto = 0;
  @property({ type: Number }) soft = 0;

  protected override render(): TemplateResult {
    return html`
      <div class="octave">
        <button aria-label="Computer keys an octave lower" @click=${() => this.dispatchEvent(new OctaveShiftEvent(-1))}>−</button>
        <button aria-label="Computer keys an octave higher" @click=${() => this.dispatchEvent(new OctaveShiftEvent(1))}>+</button>
        <span>Octave of the computer’s keys, also [ and ]</span>
      </div>
      <div class="pedals">
        <piano-pedal name="Una corda" .controller=${SOFT} .depth=${this.soft}></piano-pedal>
        <piano-pedal name="Sostenuto" .controller=${SOSTENUTO} .depth=${this.sostenuto}></piano-pedal>
        <piano-pedal name="Sustain" .controller=${SUSTAIN} .depth=${this.sustain}></piano-pedal>
      </div>
      <button class="silence" @click=${() => this.dispatchEvent(new Event('silence'))}>Silence</button>
    `;
  }

  static override readonly styles: CSSResult[] = [
    theme,
    css`
      :host {
        display: grid;
        grid-template-columns: 1fr auto 1fr;
        align-items: center;
        gap: 16px;
        padding: 6px 24px 8px;
        color: var(--soft);
      }

      .octave {
        display: var(--foot-octave, flex);
        align-items: center;
        gap: 10px;
      }

      .octave button {
        inline-size: 2.15em;
        block-size: 2.15em;
        border: 1px solid var(--line);
        border-radius: 3px;
      }

      .pedals {
        display: flex;
        grid-column: 2;
      }

      .silence {
        grid-column: 3;
        justify-self: end;
        padding: 8px 0;
      }

      button:hover {
        color: var(--ink);
      }

      @media (max-width: 600px) {
        :host {
          gap: 4px;
          padding-inline: 12px;
          font-size: 0.92em;
          --pedal-padding: 6px;
          --pedal-size: 46px;
        }

        .octave span {
          display: none;
        }
      }

      /* A device for fingers has no keys to shift. */
      @media (hover: none) {
        .octave {
          visibility: hidden;
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'piano-foot': PianoFoot;
  }
}
