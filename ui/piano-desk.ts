import { LitElement, css, html, type CSSResult, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { customElement } from './custom-element.ts';
import { theme } from './theme.ts';

export type Sheet = 'pianos' | 'pieces' | 'touch' | 'tone' | 'plugins';

/** The player turned to another sheet. */
export class SheetEvent extends Event {
  static readonly type = 'sheet';
  readonly sheet: Sheet;

  constructor(sheet: Sheet) {
    super(SheetEvent.type, { bubbles: true, composed: true });
    this.sheet = sheet;
  }
}

const SHEETS: readonly { readonly id: Sheet; readonly title: string }[] = [
  { id: 'pianos', title: 'Pianos' },
  { id: 'pieces', title: 'Pieces' },
  { id: 'touch', title: 'Touch' },
  { id: 'tone', title: 'Tone' },
  { id: 'plugins', title: 'Plugins' },
];
const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, Home: -SHEETS.length, End: SHEETS.length };

/**
 * The music desk, with five sheets of which one lies on top.
 *
 * @slot pianos
 * @slot pieces
 * @slot touch
 * @slot tone
 * @slot plugins
 * @fires sheet with `sheet`
 */
@customElement('piano-desk')
export class PianoDesk extends LitElement {
  @property() sheet: Sheet = 'pianos';

  protected override render(): TemplateResult {
    return html`<div role="tablist" aria-label="Music desk" @keydown=${this.#onKey}>
        ${SHEETS.map(
          ({ id, title }) =>
            html`<button
              role="tab"
              id=${`tab-${id}`}
              aria-controls=${`sheet-${id}`}
              aria-selected=${id === this.sheet}
              tabindex=${id === this.sheet ? 0 : -1}
              @click=${() => this.#turnTo(id)}
            >
              ${title}
            </button>`,
        )}
      </div>
      ${SHEETS.map(
        ({ id }) =>
          html`<div role="tabpanel" id=${`sheet-${id}`} aria-labelledby=${`tab-${id}`} ?hidden=${id !== this.sheet}><slot name=${id}></slot></div>`,
      )}`;
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const place = SHEETS.findIndex(({ id }) => id === this.sheet) + step;
    const { id } = SHEETS[Math.min(SHEETS.length - 1, Math.max(0, place))]!;
    this.#turnTo(id);
    this.renderRoot.querySelector<HTMLElement>(`#tab-${id}`)?.focus();
  };

  #turnTo(sheet: Sheet): void {
    this.dispatchEvent(new SheetEvent(sheet));
  }

  static override readonly styles: CSSResult[] = [
    theme,
    css`
      :host {
        display: grid;
        grid-template-rows: auto minmax(0, 1fr);
        min-block-size: 0;
      }

      [role='tablist'] {
        display: flex;
        gap: 1.7em;
        margin-block-end: var(--tab-gap, 10px);
      }

      [role='tab'] {
        padding-block: 6px;
        color: var(--soft);
        letter-spacing: 0.02em;
        border-block-end: 1px solid transparent;
      }

      [role='tab']:hover,
      [role='tab'][aria-selected='true'] {
        color: var(--ink);
      }

      [role='tab'][aria-selected='true'] {
        border-color: var(--gold);
      }

      [role='tabpanel'] {
        min-block-size: 0;
        /* What scrolls clips, so it leaves room for the rings of focus. */
        margin: -5px;
        padding: 5px;
        overflow: hidden auto;
        scrollbar-width: thin;
        scrollbar-color: var(--line) transparent;
        /* A glow at the edge behind which there is more: paper that scrolls along covers it at the end. */
        background:
          linear-gradient(transparent, var(--paper) 70%) bottom / 100% 28px no-repeat local,
          radial-gradient(farthest-side at 50% 100%, var(--glow), transparent) bottom / 100% 9px no-repeat scroll;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'piano-desk': PianoDesk;
  }
}
