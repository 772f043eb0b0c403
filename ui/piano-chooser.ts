import { LitElement, css, html, type CSSResult, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { StyleSummary } from '../model/style.ts';
import { partName } from './piano-name.ts';
import { theme } from './theme.ts';

/** The player chose a piano: the one to play, or the one to move towards. */
export class PianoChooseEvent extends Event {
  static readonly type = 'piano-choose';
  readonly id: string;
  readonly role: 'piano' | 'towards';

  constructor(id: string, role: 'piano' | 'towards') {
    super(PianoChooseEvent.type, { bubbles: true, composed: true });
    this.id = id;
    this.role = role;
  }
}

/** The player moved between the two pianos. */
export class PianoMorphEvent extends Event {
  static readonly type = 'piano-morph';
  /** 0 the one .. 1 the other. */
  readonly morph: number;

  constructor(morph: number) {
    super(PianoMorphEvent.type, { bubbles: true, composed: true });
    this.morph = morph;
  }
}

/**
 * Chooses a piano, and another to move towards.
 *
 * @fires piano-choose with `id` and `role`
 * @fires piano-morph with `morph`
 */
@customElement('piano-chooser')
export class PianoChooser extends LitElement {
  @property({ attribute: false }) pianos: readonly StyleSummary[] = [];
  /** Id of the piano that is played. */
  @property() piano = '';
  /** Id of the piano to move towards. */
  @property() towards = '';
  /** 0..1. */
  @property({ type: Number }) morph = 0;

  protected override render(): TemplateResult {
    return html`
      <fieldset>
        <legend>Piano</legend>
        ${this.pianos.map((piano) => this.#renderPiano(piano))}
      </fieldset>
      <div class="morph">
        <span class="name" aria-hidden="true">${this.#nameOf(this.piano)}</span>
        <input
          type="range"
          min="0"
          max="1"
          step="any"
          aria-label="Between the two pianos"
          aria-valuetext=${`${Math.round(100 * this.morph)} % ${this.#nameOf(this.towards)}`}
          .value=${String(this.morph)}
          style=${`--morph: ${this.morph}`}
          @input=${this.#onMorph}
        />
        <select aria-label="Piano to move towards" @change=${this.#onTowards}>
          ${this.pianos
            .filter(({ id }) => id !== this.piano)
            .map(({ id, name }) => html`<option value=${id} .selected=${id === this.towards}>${name}</option>`)}
        </select>
      </div>
    `;
  }

  #renderPiano({ id, name: full, kind }: StyleSummary): TemplateResult {
    const { name, detail } = partName(full);
    return html`<label title=${`${full}: ${kind}`}>
      <input type="radio" name="piano" .checked=${id === this.piano} @change=${() => this.dispatchEvent(new PianoChooseEvent(id, 'piano'))} />
      <span><b>${name}</b> ${detail}</span>
    </label>`;
  }

  readonly #onMorph = (event: Event): void => {
    this.dispatchEvent(new PianoMorphEvent(Number((event.target as HTMLInputElement).value)));
  };

  readonly #onTowards = (event: Event): void => {
    this.dispatchEvent(new PianoChooseEvent((event.target as HTMLSelectElement).value, 'towards'));
  };

  #nameOf(wanted: string): string {
    return partName(this.pianos.find(({ id }) => id === wanted)?.name ?? '').name;
  }

  static override readonly styles: CSSResult[] = [
    theme,
    css`
      :host {
        display: grid;
        container-type: inline-size;
        gap: var(--chooser-gap, 14px);
        grid-template-columns: minmax(0, 1fr);
      }

      fieldset {
        display: grid;
        /* Where there is little room, one line that is pushed aside with the thumb. */
        grid: var(--piano-grid, auto-flow / repeat(auto-fill, minmax(min(210px, 100%), 1fr)));
        gap: 0 20px;
        min-inline-size: 0;
        margin: 0;
        padding: 0;
        border: 0;
        overflow-x: auto;
        scrollbar-width: none;
      }

      legend {
        position: absolute;
        inline-size: 1px;
        block-size: 1px;
        overflow: hidden;
        clip-path: inset(50%);
      }

      label {
        position: relative;
        min-inline-size: 0;
      }

      label input {
        position: absolute;
        inset: 0;
        margin: 0;
        opacity: 0;
        cursor: pointer;
      }

      label span {
        display: inline-block;
        max-inline-size: 100%;
        box-sizing: border-box;
        padding-block: var(--row-padding, 4px);
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        font-size: 12px;
        vertical-align: top;
        color: var(--soft);
        border-block-end: 1px solid transparent;
      }

      b {
        margin-inline-end: 0.3em;
        font: var(--name-size, 17px) / 1.2 var(--serif);
        transition: color 120ms;
      }

      label:hover b,
      label input:checked + span b {
        color: var(--ink);
      }

      label input:checked + span {
        border-color: var(--gold);
      }

      label input:focus-visible + span {
        outline: 2px solid var(--glow);
        outline-offset: 2px;
      }

      .morph {
        display: grid;
        grid-template-columns: minmax(0, auto) minmax(30%, 1fr) minmax(0, auto);
        align-items: center;
        gap: 12px;
        color: var(--soft);
      }

      .name {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      select {
        max-inline-size: min(16em, 36cqi);
        padding-block: 6px;
        text-overflow: ellipsis;
        field-sizing: content;
      }

      option {
        color: #2a2420;
        background: #fff;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'piano-chooser': PianoChooser;
  }
}
