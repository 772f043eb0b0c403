import { LitElement, css, html, type CSSResult, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { StyleSummary } from '../model/style.ts';
import { theme } from './theme.ts';

/** Whose pianos these are: a dialog that names every recording that a piano was learned from. */
@customElement('piano-credits')
export class PianoCredits extends LitElement {
  @property({ attribute: false }) pianos: readonly StyleSummary[] = [];

  @query('dialog') private dialog!: HTMLDialogElement;

  show(): void {
    this.dialog.showModal();
  }

  protected override render(): TemplateResult {
    return html`<dialog aria-labelledby="title" @click=${this.#onClick}>
      <article>
        <h2 id="title">The pianos</h2>
        <p>Each was learned from a recording of a real instrument. No recording is played back: every sound is computed as you play.</p>
        <dl>
          ${this.pianos.map(
            ({ name, kind, credit, licence }) => html`<div>
              <dt>${name} <small>${kind}</small></dt>
              <dd>${credit}<span>${licence}</span></dd>
            </div>`,
          )}
        </dl>
        <slot></slot>
        <form method="dialog"><button autofocus>Close</button></form>
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
      dialog {
        padding: 0;
        border: 0;
        border-radius: 4px;
        max-inline-size: min(640px, calc(100vw - 32px));
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
        margin: 0 0 8px;
        font: 26px/1.2 var(--serif);
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
        font: 17px/1.3 var(--serif);
      }

      small {
        font: 12px var(--sans);
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

declare global {
  interface HTMLElementTagNameMap {
    'piano-credits': PianoCredits;
  }
}
