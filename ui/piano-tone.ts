import { LitElement, css, html, nothing, type CSSResult, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { brassSlider } from './brass-slider.ts';
import { customElement } from './custom-element.ts';
import { LearnEvent } from './learn-button.ts';
import type { Learned } from './midi-learn.ts';
import { SETTING_RANGES, TONE_SETTINGS, toneAtRest, type ToneSetting, type ToneValues, type Turnable } from './sound-settings.ts';
import { theme } from './theme.ts';

/** The player turned a setting of the tone. */
export class ToneEvent extends Event {
  static readonly type = 'tone';
  readonly setting: ToneSetting;
  readonly value: number;

  constructor(setting: ToneSetting, value: number) {
    super(ToneEvent.type, { bubbles: true, composed: true });
    this.setting = setting;
    this.value = value;
  }
}

/**
 * How the piano sounds and where it stands: brightness, hammers, pitch, tuning, width, room and resonance. A double click on
 * a slider, or the Delete key, brings it back to where it rests.
 *
 * @fires tone with `setting` and `value`
 * @fires tone-reset when the player wants all as it was recorded
 * @fires learn with `setting` and `forget`
 */
@customElement('piano-tone')
export class PianoTone extends LitElement {
  @property({ attribute: false }) values: ToneValues = toneAtRest();
  /** Controllers that turn settings, and the setting that waits for one. */
  @property({ attribute: false }) learned: Learned = {};
  @property() waiting: Turnable | undefined;
  /** Whether a MIDI keyboard is there to learn from. */
  @property({ type: Boolean }) midi = false;

  protected override render(): TemplateResult {
    const rest = toneAtRest();
    const changed = TONE_SETTINGS.some((setting) => this.values[setting] !== rest[setting]);
    return html`${TONE_SETTINGS.map((setting) => this.#renderRow(setting))}
      <div class="foot">
        ${changed ? html`<button @click=${() => this.dispatchEvent(new Event('tone-reset'))}>As recorded</button>` : nothing}
      </div>`;
  }

  #renderRow(setting: ToneSetting): TemplateResult {
    const { name, least, most, step, rest, describe } = SETTING_RANGES[setting];
    const value = this.values[setting];
    return html`<div class="row" @contextmenu=${(event: Event) => this.#onMenu(event, setting)}>
      <label>
        <span>${name}</span>
        <input
          class="brass"
          type="range"
          name=${setting}
          min=${least}
          max=${most}
          step=${step}
          title="A double click brings it back"
          aria-label=${name}
          aria-valuetext=${describe(value)}
          .value=${String(value)}
          @input=${(event: Event) => this.#set(setting, Number((event.target as HTMLInputElement).value))}
          @dblclick=${() => this.#set(setting, rest)}
          @keydown=${(event: KeyboardEvent) => event.key === 'Delete' && this.#set(setting, rest)}
        />
      </label>
      <output aria-hidden="true">${describe(value)}</output>
      <learn-button
        .setting=${setting}
        .name=${name}
        .controller=${this.learned[setting]}
        .waiting=${this.waiting === setting}
        .offered=${this.midi}
      ></learn-button>
    </div>`;
  }

  #set(setting: ToneSetting, value: number): void {
    this.dispatchEvent(new ToneEvent(setting, value));
  }

  /** A right click, or a long press, asks for a controller too. */
  #onMenu(event: Event, setting: ToneSetting): void {
    if (!this.midi) return;
    event.preventDefault();
    this.dispatchEvent(new LearnEvent(setting, false));
  }

  static override readonly styles: CSSResult[] = [
    theme,
    brassSlider,
    css`
      :host {
        display: grid;
        gap: var(--tone-gap, 4px);
        color: var(--soft);
      }

      .row,
      label {
        display: grid;
        align-items: center;
        gap: 10px;
        min-inline-size: 0;
      }

      .row {
        grid-template-columns: minmax(0, 1fr) 8.2em minmax(4.6em, max-content);
      }

      label {
        grid-template-columns: 5.2em minmax(0, 1fr);
      }

      output {
        color: var(--ink);
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
      }

      .foot {
        min-block-size: 24px;
      }

      .foot button {
        min-block-size: 24px;
        text-decoration: underline;
        text-decoration-color: var(--line);
        text-underline-offset: 3px;
      }

      .foot button:hover {
        color: var(--ink);
        text-decoration-color: var(--gold);
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'piano-tone': PianoTone;
  }
}
