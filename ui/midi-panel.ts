import { LitElement, css, html, nothing, type CSSResult, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { customElement } from './custom-element.ts';
import { ALL_CHANNELS, ALL_INPUTS, type MidiStatus } from './midi-controller.ts';
import { MIDI_TEXT } from './midi-text.ts';
import { theme } from './theme.ts';

/** The player chose what to listen to. */
export class MidiChooseEvent extends Event {
  static readonly type = 'midi-choose';
  /** `all`, or the name of an input. */
  readonly input: string;
  /** 1..16, or 0 for all. */
  readonly channel: number;

  constructor(input: string, channel: number) {
    super(MidiChooseEvent.type, { bubbles: true, composed: true });
    this.input = input;
    this.channel = channel;
  }
}

const CHANNELS = Array.from({ length: 16 }, (_, i) => i + 1);

/**
 * MIDI inputs by name, and the channel to listen to.
 *
 * @fires midi-choose with `input` and `channel`
 * @fires midi-use when the player asks for MIDI
 */
@customElement('midi-panel')
export class MidiPanel extends LitElement {
  @property() status: MidiStatus = 'off';
  /** All inputs that are plugged in. */
  @property({ attribute: false }) available: readonly string[] = [];
  /** `all`, or part of the name of the inputs that are heard; empty while the player has not asked for MIDI. */
  @property() input = '';
  /** 1..16, or 0 for all. */
  @property({ type: Number }) channel = ALL_CHANNELS;

  protected override render(): TemplateResult {
    if (this.status !== 'on') return this.#renderMessage(this.status);
    const names = [...new Set(this.available)];
    return html`<fieldset>
        <legend>MIDI keyboard</legend>
        ${this.#renderInput(ALL_INPUTS, 'All')} ${names.map((name) => this.#renderInput(name, name))}
        ${names.length === 0 ? html`<p>None is plugged in.</p>` : nothing}
      </fieldset>
      <label class="channel">
        Channel
        <select @change=${(event: Event) => this.#choose(this.input, Number((event.target as HTMLSelectElement).value))}>
          <option value=${ALL_CHANNELS} .selected=${this.channel === ALL_CHANNELS}>All</option>
          ${CHANNELS.map((channel) => html`<option value=${channel} .selected=${this.channel === channel}>${channel}</option>`)}
        </select>
      </label>`;
  }

  #renderMessage(status: Exclude<MidiStatus, 'on'>): TemplateResult {
    const unused = status === 'off' && this.input === '';
    const again = unused || status === 'refused' || status === 'failed';
    return html`<h2>MIDI keyboard</h2>
      <p>${unused ? 'A MIDI keyboard can play this piano.' : MIDI_TEXT[status].long}</p>
      ${again
        ? html`<button @click=${() => this.dispatchEvent(new Event('midi-use', { bubbles: true, composed: true }))}>
            ${unused ? 'Use MIDI' : 'Try again'}
          </button>`
        : nothing}`;
  }

  #renderInput(value: string, name: string): TemplateResult {
    const heard = value === ALL_INPUTS ? this.input === ALL_INPUTS : this.input !== ALL_INPUTS && name.toLowerCase().includes(this.input.toLowerCase());
    return html`<label>
      <input type="radio" name="input" .checked=${heard} @change=${() => this.#choose(value, this.channel)} />
      ${name}
    </label>`;
  }

  #choose(input: string, channel: number): void {
    this.dispatchEvent(new MidiChooseEvent(input, channel));
  }

  static override readonly styles: CSSResult[] = [
    theme,
    css`
      :host {
        display: block;
        color: var(--soft);
      }

      fieldset {
        margin: 0;
        padding: 0;
        border: 0;
        min-inline-size: 0;
      }

      h2,
      legend {
        margin: 0;
        padding: 0 0 4px;
        font: var(--name-size, 1.31em) / 1.2 var(--serif);
        color: var(--ink);
      }

      fieldset label {
        display: flex;
        align-items: center;
        gap: 8px;
        padding-block: 4px;
        overflow-wrap: anywhere;
      }

      fieldset input {
        flex: none;
        margin: 0;
        accent-color: var(--glow);
      }

      p {
        margin: 0 0 6px;
      }

      .channel {
        display: block;
        margin-block-start: 4px;
      }

      .channel select {
        padding-block: 4px;
        color: var(--ink);
      }

      option {
        color: #2a2420;
        background: #fff;
      }

      button {
        color: var(--ink);
        text-decoration: underline;
        text-decoration-color: var(--gold);
        text-underline-offset: 3px;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'midi-panel': MidiPanel;
  }
}
