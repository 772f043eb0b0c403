import { LitElement, css, html, nothing, type CSSResult, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { clockTime } from './clock-time.ts';
import { customElement } from './custom-element.ts';
import type { Take } from './library-store.ts';
import { theme } from './theme.ts';
import type { WavJob } from './wav-controller.ts';

/** A MIDI file that the page brings along; the list of pieces is a JSON array of these. */
export interface Piece {
  /** Path of the file, relative to the list. */
  readonly file: string;
  readonly title: string;
  readonly composer: string;
  /** Licence of the encoding. */
  readonly licence: string;
}

/** The player pressed a piece or a take: it is to play, or to pause where it is playing. */
export class PieceEvent extends Event {
  static readonly type = 'piece';
  readonly piece: Piece | Take;

  constructor(piece: Piece | Take) {
    super(PieceEvent.type, { bubbles: true, composed: true });
    this.piece = piece;
  }
}

/** The player wants a file of what is open, or of a take. */
export class SaveEvent extends Event {
  static readonly type = 'save';
  readonly piece: Piece | Take;
  readonly format: 'midi' | 'wav';

  constructor(piece: Piece | Take, format: 'midi' | 'wav') {
    super(SaveEvent.type, { bubbles: true, composed: true });
    this.piece = piece;
    this.format = format;
  }
}

/** The player throws a take away. */
export class DiscardEvent extends Event {
  static readonly type = 'discard';
  readonly take: Take;

  constructor(take: Take) {
    super(DiscardEvent.type, { bubbles: true, composed: true });
    this.take = take;
  }
}

/** What tells a piece or a take from all others. */
export function pieceId(piece: Piece | Take): string {
  return 'file' in piece ? piece.file : piece.id;
}

/**
 * Pieces to listen to, and what the player recorded.
 *
 * @fires piece with `piece`
 * @fires save with `piece` and `format`
 * @fires discard with `take`
 */
@customElement('piece-list')
export class PieceList extends LitElement {
  @property({ attribute: false }) pieces: readonly Piece[] = [];
  @property({ attribute: false }) takes: readonly Take[] = [];
  /** `pieceId` of what is open, playing or paused. */
  @property() open = '';
  @property({ type: Boolean }) playing = false;
  /** The WAV file that is being made. */
  @property({ attribute: false }) wav: WavJob | undefined;

  protected override render(): TemplateResult {
    return html`<ul>
      ${this.pieces.map((piece) => this.#renderRow(piece, piece.title, piece.composer, piece.file === this.open ? this.#renderWav(piece, piece.title) : nothing))}
      ${this.takes.map((take) => {
        const { name, seconds } = take.performance;
        return this.#renderRow(take, name, clockTime(seconds), this.#renderTakeActions(take, name));
      })}
    </ul>`;
  }

  #renderRow(piece: Piece | Take, title: string, detail: string, actions: TemplateResult | typeof nothing): TemplateResult {
    const playing = pieceId(piece) === this.open && this.playing;
    return html`<li>
      <button class="piece" @click=${() => this.dispatchEvent(new PieceEvent(piece))}>
        <svg viewBox="0 0 10 12" aria-hidden="true"><path d=${playing ? 'M1 1h2.6v10H1zM6.4 1H9v10H6.4z' : 'M1 .5 10 6 1 11.5z'} /></svg>
        <span class="unseen">${playing ? 'Pause' : 'Play'}</span>
        <span class="title">${title}</span>
        <span class="detail">${detail}</span>
      </button>
      ${actions}
    </li>`;
  }

  #renderTakeActions(take: Take, name: string): TemplateResult {
    return html`<button class="action" aria-label=${`Save ${name} as MIDI`} @click=${() => this.dispatchEvent(new SaveEvent(take, 'midi'))}>MIDI</button>
      ${this.#renderWav(take, name)}
      <button class="action" aria-label=${`Delete ${name}`} @click=${() => this.dispatchEvent(new DiscardEvent(take))}>✕</button>`;
  }

  #renderWav(piece: Piece | Take, name: string): TemplateResult {
    const busy = this.wav?.id === pieceId(piece);
    const text = busy ? `${Math.round(100 * this.wav!.done)} %` : 'WAV';
    return html`<button
      class="action wav"
      aria-label=${busy ? `Stop making the WAV file of ${name}, ${text} done` : `Save ${name} as WAV`}
      @click=${() => this.dispatchEvent(new SaveEvent(piece, 'wav'))}
    >
      ${text}
    </button>`;
  }

  static override readonly styles: CSSResult[] = [
    theme,
    css`
      ul {
        margin: 0;
        padding: 0;
        list-style: none;
      }

      li {
        display: flex;
        align-items: baseline;
        gap: 14px;
        color: var(--soft);
      }

      .piece {
        display: flex;
        flex: 1;
        align-items: baseline;
        gap: 10px;
        min-inline-size: 0;
        min-block-size: 24px;
        padding-block: var(--row-padding, 5px);
        text-align: start;
      }

      .unseen {
        position: absolute;
        inline-size: 1px;
        overflow: hidden;
        clip-path: inset(50%);
      }

      .piece:hover .title {
        color: var(--ink);
      }

      svg {
        flex: none;
        inline-size: 0.7em;
        block-size: 0.85em;
        fill: var(--glow);
      }

      .title {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        font: var(--name-size, 1.23em) / 1.2 var(--serif);
      }

      .detail {
        margin-inline-start: auto;
        padding-inline-start: 8px;
        white-space: nowrap;
        font-variant-numeric: tabular-nums;
      }

      .action {
        min-inline-size: 24px;
        /* High enough for a finger, and no higher than the row without it. */
        padding-block: 4px;
        margin-block: -4px;
        font-size: 0.92em;
        text-decoration: underline;
        text-decoration-color: var(--line);
        text-underline-offset: 3px;
      }

      .action:hover {
        color: var(--ink);
        text-decoration-color: var(--gold);
      }

      .wav {
        min-inline-size: 2.7em;
        font-variant-numeric: tabular-nums;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'piece-list': PieceList;
  }
}
