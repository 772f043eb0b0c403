import { LitElement, css, html, nothing, type CSSResult, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { theme } from './theme.ts';

/** A MIDI file that the page brings along; the list of pieces is a JSON array of these. */
export interface Piece {
  /** Path of the file, relative to the list. */
  readonly file: string;
  readonly title: string;
  readonly composer: string;
  /** Licence of the encoding. */
  readonly licence: string;
}

/** The player pressed a piece: it is to play, or to pause where it is playing. */
export class PieceEvent extends Event {
  static readonly type = 'piece';
  readonly piece: Piece;

  constructor(piece: Piece) {
    super(PieceEvent.type, { bubbles: true, composed: true });
    this.piece = piece;
  }
}

/** The player moved to a place in the piece. */
export class PieceSeekEvent extends Event {
  static readonly type = 'piece-seek';
  readonly seconds: number;

  constructor(seconds: number) {
    super(PieceSeekEvent.type, { bubbles: true, composed: true });
    this.seconds = seconds;
  }
}

/**
 * Pieces to listen to, and the place in the one that plays.
 *
 * @fires piece with `piece`
 * @fires piece-seek with `seconds`
 */
@customElement('piece-list')
export class PieceList extends LitElement {
  @property({ attribute: false }) pieces: readonly Piece[] = [];
  /** The piece that is open, playing or paused. */
  @property({ attribute: false }) open: Piece | undefined;
  @property({ type: Boolean }) playing = false;
  /** Seconds. */
  @property({ type: Number }) position = 0;
  /** Seconds. */
  @property({ type: Number }) duration = 0;

  protected override render(): TemplateResult {
    return html`<ul>
      ${this.pieces.map((piece) => this.#renderPiece(piece))}
    </ul>`;
  }

  #renderPiece(piece: Piece): TemplateResult {
    const open = piece.file === this.open?.file;
    const playing = open && this.playing;
    return html`<li>
      <button aria-label=${`${playing ? 'Pause' : 'Play'} ${piece.title}`} @click=${() => this.dispatchEvent(new PieceEvent(piece))}>
        <svg viewBox="0 0 10 12" aria-hidden="true"><path d=${playing ? 'M1 1h2.6v10H1zM6.4 1H9v10H6.4z' : 'M1 .5 10 6 1 11.5z'} /></svg>
        <span class="title">${piece.title}</span>
        <span class="composer">${piece.composer}</span>
      </button>
      ${open
        ? html`<div class="place">
            <input
              type="range"
              aria-label=${`Place in ${piece.title}`}
              aria-valuetext=${clock(this.position)}
              min="0"
              max=${this.duration}
              step="1"
              .value=${String(this.position)}
              style=${`--share: ${this.duration > 0 ? this.position / this.duration : 0}`}
              @change=${this.#onSeek}
            />
            <time>${clock(this.position)} / ${clock(this.duration)}</time>
          </div>`
        : nothing}
    </li>`;
  }

  readonly #onSeek = (event: Event): void => {
    this.dispatchEvent(new PieceSeekEvent(Number((event.target as HTMLInputElement).value)));
  };

  static override readonly styles: CSSResult[] = [
    theme,
    css`
      ul {
        margin: 0;
        padding: 0;
        list-style: none;
      }

      button {
        display: flex;
        align-items: baseline;
        gap: 10px;
        inline-size: 100%;
        padding-block: var(--row-padding, 5px);
        text-align: start;
        color: var(--soft);
      }

      button:hover .title {
        color: var(--ink);
      }

      svg {
        flex: none;
        inline-size: 9px;
        block-size: 11px;
        fill: var(--glow);
      }

      .title {
        font: var(--name-size, 16px) / 1.2 var(--serif);
      }

      .composer {
        margin-inline-start: auto;
        padding-inline-start: 8px;
        white-space: nowrap;
      }

      .place {
        display: flex;
        align-items: center;
        gap: 10px;
        padding-inline-start: 19px;
        color: var(--soft);
      }

      time {
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
      }

      input {
        appearance: none;
        flex: 1;
        min-inline-size: 0;
        block-size: 20px;
        margin: 0;
        background:
          linear-gradient(var(--glow), var(--glow)) left / calc(100% * var(--share)) 2px no-repeat,
          linear-gradient(var(--line), var(--line)) center / 100% 2px no-repeat;
        cursor: pointer;
      }

      input::-webkit-slider-thumb {
        appearance: none;
        inline-size: 10px;
        block-size: 10px;
        border-radius: 50%;
        background: var(--glow);
      }

      input::-moz-range-thumb {
        inline-size: 10px;
        block-size: 10px;
        border: 0;
        border-radius: 50%;
        background: var(--glow);
      }
    `,
  ];
}

function clock(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

declare global {
  interface HTMLElementTagNameMap {
    'piece-list': PieceList;
  }
}
