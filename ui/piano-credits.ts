import { LitElement, css, html, nothing, type CSSResult, type TemplateResult } from 'lit';
import { property, query } from 'lit/decorators.js';
import type { StyleSummary } from '../model/style.ts';
import { customElement } from './custom-element.ts';
import { theme } from './theme.ts';

/**
 * Whose pianos these are: a line about the one that is played, and a dialog
 * that names every recording that a piano was learned from.
 *
 * @slot what the dialog ends with
 * @fires piano-save when the player wants a file of their own piano
 * @fires piano-share when they want to give it to somebody
 * @fires piano-discard when the player throws it away
 */
@customElement('piano-credits')
export class PianoCredits extends LitElement {
  @property({ attribute: false }) pianos: readonly StyleSummary[] = [];
  /** Id of the piano that is played. */
  @property() piano = '';
  /** Whether it is the player's own, to be saved and thrown away. */
  @property({ type: Boolean }) own = false;
  /** Whether it can be given to somebody as a link. */
  @property({ type: Boolean }) links = false;

  @query('dialog') private dialog!: HTMLDialogElement;

  protected override render(): TemplateResult {
    const played = this.pianos.find(({ id }) => id === this.piano);
    return html`<div class="line">
        <span>${played === undefined ? nothing : creditLine(played)}</span>
        ${this.own
          ? html`<button @click=${() => this.dispatchEvent(new Event('piano-save'))}>Save</button>
              ${this.links ? html`<button @click=${() => this.dispatchEvent(new Event('piano-share'))}>Share</button>` : nothing}
              <button @click=${() => this.dispatchEvent(new Event('piano-discard'))}>Delete</button>`
          : nothing}
        <button @click=${() => this.dialog.showModal()}>The pianos</button>
      </div>
      <dialog aria-labelledby="title" @click=${this.#onClick}>
        <article>
          <h2 id="title" tabindex="-1" autofocus>The pianos</h2>
          <p>Each was learned from a recording of a real instrument. No recording is played back: every sound is computed as you play.</p>
          <dl>
            ${this.pianos.map(
              ({ name, kind, credit, licence }) => html`<div>
                <dt>${name} <small>${kind}</small></dt>
                <dd>${isSaid(credit) ? credit : nothing}<span>${isSaid(licence) ? licence : nothing}</span></dd>
              </div>`,
            )}
          </dl>
          <slot></slot>
          <form method="dialog"><button>Close</button></form>
        </article>
      </dialog>`;
  }

  /** A press beside the sheet closes it. */
  readonly #onClick = (event: MouseEvent): void => {
    if (event.target === this.dialog) this.dialog.close();
  };

  static override readonly styles: CSSResult[] = [
    theme,
    css`
      .line {
        display: flex;
        justify-content: space-between;
        align-items: baseline;
        gap: 16px;
        color: var(--soft);
      }

      .line span {
        flex: 1;
      }

      .line button {
        color: var(--soft);
        white-space: nowrap;
        text-decoration: underline;
        text-decoration-color: var(--line);
        text-underline-offset: 3px;
      }

      .line button:hover {
        color: var(--ink);
        text-decoration-color: var(--gold);
      }

      dialog {
        padding: 0;
        border: 0;
        border-radius: 4px;
        max-inline-size: min(49em, calc(100vw - 32px));
        color: var(--ink);
        background: var(--paper);
        box-shadow: 0 24px 80px #0008;
      }

      dialog::backdrop {
        background: #0009;
      }

      article {
        padding: 28px 32px;
      }

      h2 {
        outline: none;
        margin: 0 0 8px;
        font: 2em/1.2 var(--serif);
      }

      p {
        margin: 0 0 18px;
        color: var(--soft);
      }

      dl {
        margin: 0;
      }

      dl div {
        padding-block: 9px;
        border-block-start: 1px solid var(--line);
      }

      dt {
        font: 1.31em/1.3 var(--serif);
      }

      small {
        font: 0.7em var(--sans);
        color: var(--soft);
      }

      dd {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: 2px 16px;
        margin: 2px 0 0;
        color: var(--soft);
      }

      form {
        margin-block-start: 18px;
        text-align: end;
      }

      form button {
        padding: 8px 16px;
        border: 1px solid var(--line);
        border-radius: 3px;
      }
    `,
  ];
}

/** Whether a style says this of its recording: one that was made of a recording need not. */
function isSaid(text: string): boolean {
  return text !== '' && text !== 'unknown';
}

function creditLine({ credit, licence }: StyleSummary): string {
  return [credit, licence].filter(isSaid).join(', ');
}

declare global {
  interface HTMLElementTagNameMap {
    'piano-credits': PianoCredits;
  }
}
