import { LitElement, css, html, type CSSResult, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { cssProperties } from './css-properties.ts';
import { customElement } from './custom-element.ts';
import { WHITE_COUNT } from './keyboard-layout.ts';
import { shortNames } from './piano-name.ts';
import { theme } from './theme.ts';

/** The player moved the window on the keys. */
export class KeysMoveEvent extends Event {
  static readonly type = 'keys-move';
  /** White keys to the left of the window; may lie beyond the keyboard's ends. */
  readonly first: number;

  constructor(first: number) {
    super(KeysMoveEvent.type, { bubbles: true, composed: true });
    this.first = first;
  }
}

const OCTAVE = 7;

/** A piano whose name stands on the board, and how much of the sound is its own. */
export interface BoardName {
  readonly name: string;
  /** 0..1. */
  readonly share: number;
}

/**
 * The board behind the keys: the name of the piano in gold, or those between
 * which it stands; and the way to lower and higher keys where not all are shown.
 *
 * @slot what stands at the left
 * @slot edge what lies on the upper edge
 * @fires keys-move with `first`
 */
@customElement('piano-fallboard')
export class PianoFallboard extends LitElement {
  /** Largest share first. */
  @property({ attribute: false }) names: readonly BoardName[] = [];
  /** White keys to the left of the window, and in it. */
  @property({ type: Number }) first = 0;
  @property({ type: Number }) shown = WHITE_COUNT;

  protected override render(): TemplateResult {
    return html`<slot name="edge"></slot>
      <div class="board">
        <slot></slot>
        <div class="name" aria-hidden="true">
          ${shortNames(this.names.map(({ name }) => name)).map(
            (name, i) => html`<span ${cssProperties({ opacity: (0.25 + 0.75 * Math.min(1, 1.5 * this.names[i]!.share)).toFixed(3) })}>${name}</span>`,
          )}
        </div>
        <div class="window" ?hidden=${this.shown === WHITE_COUNT}>
          <button aria-label="Show lower keys" ?disabled=${this.first === 0} @click=${() => this.#move(-OCTAVE)}>‹</button>
          <button aria-label="Show higher keys" ?disabled=${this.first + this.shown === WHITE_COUNT} @click=${() => this.#move(OCTAVE)}>›</button>
        </div>
      </div>`;
  }

  #move(whiteKeys: number): void {
    this.dispatchEvent(new KeysMoveEvent(this.first + whiteKeys));
  }

  static override readonly styles: CSSResult[] = [
    theme,
    css`
      :host {
        display: block;
        container-type: inline-size;
      }

      .board {
        display: grid;
        grid-template-columns: minmax(max-content, 1fr) minmax(0, auto) minmax(max-content, 1fr);
        align-items: center;
        gap: 0 16px;
        block-size: var(--fallboard-height, 46px);
        padding-inline: 24px;
        color: var(--gold);
        background: linear-gradient(color-mix(in srgb, var(--case) 84%, #fff), var(--case) 14%, color-mix(in srgb, var(--case) 80%, #000));
      }

      .name {
        grid-column: 2;
        display: flex;
        gap: 0.9em;
        min-inline-size: 0;
        overflow: hidden;
        font: 1.7em/1.2 var(--serif);
        letter-spacing: 0.045em;
        white-space: nowrap;
        text-shadow: 0 1px 0 #0009;
      }

      .name span {
        padding-inline-start: 0.1em;
        overflow: hidden;
        text-overflow: ellipsis;
      }

      .name span + span::before {
        content: '';
        display: inline-block;
        inline-size: 0.3em;
        block-size: 0.3em;
        margin-inline-end: 0.9em;
        vertical-align: 0.25em;
        rotate: 45deg;
        background: var(--gold);
      }

      .window {
        grid-column: 3;
        justify-self: end;
        display: flex;
        gap: 4px;
      }

      .window button {
        inline-size: 44px;
        block-size: 36px;
        font: 1.7em/1 var(--serif);
      }

      .window button:disabled {
        opacity: 0.3;
        cursor: default;
      }

      @container (max-width: 1080px) {
        .name span:nth-child(n + 3) {
          display: none;
        }
      }

      /* Names, then what stands at the left. */
      @container (max-width: 760px) {
        .board {
          grid-template-columns: minmax(0, 1fr) auto;
          block-size: auto;
          padding: 6px 12px 2px 16px;
        }

        .name {
          grid-area: 1 / 1;
        }

        .name span {
          font-size: 0.9em;
        }

        .name span + span {
          display: none;
        }

        .window {
          grid-area: 1 / 2;
        }

        slot:not([name]) {
          display: block;
          grid-area: 2 / 1 / 2 / 3;
          margin-inline-start: -9px;
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'piano-fallboard': PianoFallboard;
  }
}
