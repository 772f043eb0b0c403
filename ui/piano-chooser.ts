import { LitElement, css, html, nothing, type CSSResult, type PropertyValues, type TemplateResult } from 'lit';
import { property, query } from 'lit/decorators.js';
import type { StyleSummary } from '../model/style.ts';
import { customElement } from './custom-element.ts';
import './piano-map.ts';
import { partName } from './piano-name.ts';
import type { StyleMap, StyleShare } from './style-map.ts';
import { theme } from './theme.ts';

/** The player chose a piano. */
export class PianoChooseEvent extends Event {
  static readonly type = 'piano-choose';
  readonly id: string;

  constructor(id: string) {
    super(PianoChooseEvent.type, { bubbles: true, composed: true });
    this.id = id;
  }
}

/**
 * The pianos by name and on a map.
 *
 * @fires piano-choose with `id`
 * @fires piano-mix with `shares`
 */
@customElement('piano-chooser')
export class PianoChooser extends LitElement {
  @property({ attribute: false }) pianos: readonly StyleSummary[] = [];
  /** What is played. */
  @property({ attribute: false }) shares: readonly StyleShare[] = [];
  @property({ attribute: false }) map: StyleMap | undefined;

  @query('fieldset') private list!: HTMLElement;
  @query('.most') private heard!: HTMLElement | null;

  protected override render(): TemplateResult {
    return html`
      <fieldset>
        <legend>Piano</legend>
        ${this.pianos.map((piano) => this.#renderPiano(piano))}
      </fieldset>
      <piano-map .map=${this.map} .shares=${this.shares}></piano-map>
    `;
  }

  /** Where the names stand in one line, the one that is played comes into view. */
  protected override updated(changed: PropertyValues<this>): void {
    const { list, heard } = this;
    if (!changed.has('shares') || heard === null) return;
    const [left, right] = [heard.offsetLeft - list.offsetLeft, heard.offsetLeft - list.offsetLeft + heard.offsetWidth];
    if (left < list.scrollLeft || right > list.scrollLeft + list.clientWidth) list.scrollLeft = left;
  }

  #renderPiano({ id, name: full, kind }: StyleSummary): TemplateResult {
    const { name, detail } = partName(full);
    const share = this.shares.find((part) => part.id === id)?.share ?? 0;
    return html`<label title=${`${full}: ${kind}`} class=${share === 0 ? '' : id === this.shares[0]?.id ? 'heard most' : 'heard'}>
      <input type="radio" name="piano" .checked=${share === 1} @change=${() => this.dispatchEvent(new PianoChooseEvent(id))} />
      <span><b>${name}</b> <small>${detail}</small></span>${share > 0 && share < 1 ? html`<i>${Math.round(100 * share)} %</i>` : nothing}
    </label>`;
  }

  static override readonly styles: CSSResult[] = [
    theme,
    css`
      :host {
        display: grid;
        grid: var(--chooser-grid, auto / minmax(0, 1fr) minmax(0, 1fr));
        gap: var(--chooser-gap, 8px 20px);
      }

      piano-map {
        min-block-size: var(--map-height, 220px);
      }

      fieldset {
        display: grid;
        /* Where there is little room, one line that is pushed aside with the thumb. */
        grid: var(--piano-grid, auto-flow max-content / minmax(0, 1fr));
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
        display: flex;
        align-items: baseline;
        gap: 8px;
        min-inline-size: 0;
      }

      i {
        margin-inline-start: auto;
        font: 0.92em var(--sans);
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
        color: var(--soft);
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
        vertical-align: top;
        color: var(--soft);
        border-block-end: 1px solid transparent;
      }

      b {
        margin-inline-end: 0.3em;
        font: var(--name-size, 1.31em) / 1.2 var(--serif);
        transition: color 120ms;
      }

      small {
        font-size: 0.92em;
      }

      label:hover b,
      label.heard b {
        color: var(--ink);
      }

      label input:checked + span {
        border-color: var(--gold);
      }

      label input:focus-visible + span {
        outline: 2px solid var(--glow);
        outline-offset: -2px;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'piano-chooser': PianoChooser;
  }
}
