import { LitElement, css, html, nothing, type CSSResult, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { WHITE_COUNT } from './keyboard-layout.ts';
import { partName } from './piano-name.ts';
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

/**
 * The board behind the keys: the name of the piano in gold, or two names
 * between which it stands; and the way to lower and higher keys where not all
 * are shown.
 *
 * @fires keys-move with `first`
 */
@customElement('piano-fallboard')
export class PianoFallboard extends LitElement {
  @property() piano = '';
  @property() towards = '';
  /** 0..1. */
  @property({ type: Number }) morph = 0;
  /** White keys to the left of the window, and in it. */
  @property({ type: Number }) first = 0;
  @property({ type: Number }) shown = WHITE_COUNT;

  protected override render(): TemplateResult {
    return html`<div class="board">
      <div class="name" aria-hidden="true">
        ${this.#renderName(this.piano, 1 - this.morph)} ${this.morph > 0 ? this.#renderName(this.towards, this.morph) : nothing}
      </div>
      <div class="window" ?hidden=${this.shown === WHITE_COUNT}>
        <button aria-label="Show lower keys" ?disabled=${this.first === 0} @click=${() => this.#move(-OCTAVE)}>‹</button>
        <button aria-label="Show higher keys" ?disabled=${this.first + this.shown === WHITE_COUNT} @click=${() => this.#move(OCTAVE)}>›</button>
      </div>
    </div>`;
  }

  /** @param share 0..1, how much of the sound is this piano's */
  #renderName(name: string, share: number): TemplateResult {
    return html`<span class=${share >= 0.5 ? 'nearer' : ''} style=${`opacity: ${(0.25 + 0.75 * share).toFixed(3)}`}>${partName(name).name}</span>`;
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
        grid-template-columns: 1fr auto 1fr;
        align-items: center;
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
        font: 22px/1.2 var(--serif);
        letter-spacing: 0.045em;
        white-space: nowrap;
        text-shadow: 0 1px 0 #0009;
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
        font: 22px/1 var(--serif);
      }

      .window button:disabled {
        opacity: 0.3;
        cursor: default;
      }

      /* A phone has room for one name. */
      @container (max-width: 760px) {
        .board {
          grid-template-columns: minmax(0, 1fr) 0 auto;
          padding-inline: 16px;
        }

        .name {
          grid-column: 1;
          overflow: hidden;
        }

        .name span:not(.nearer),
        .name span::before {
          display: none !important;
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
