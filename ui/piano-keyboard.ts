import { LitElement, css, html, nothing, type CSSResult, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, queryAll, state } from 'lit/decorators.js';
import { styleMap } from 'lit/directives/style-map.js';
import { FIRST_NOTE, NOTE_COUNT } from '../model/spec.ts';
import { BLACK_LENGTH, KEYS, LAST_NOTE, WHITE_COUNT, keyAt, noteName, spokenName, touchVelocity, type KeyShape } from './keyboard-layout.ts';
import { theme } from './theme.ts';

/** A key of the on-screen keyboard was struck. */
export class KeyStrikeEvent extends Event {
  static readonly type = 'key-strike';
  readonly note: number;
  /** 0..1. */
  readonly velocity: number;

  constructor(note: number, velocity: number) {
    super(KeyStrikeEvent.type, { bubbles: true, composed: true });
    this.note = note;
    this.velocity = velocity;
  }
}

/** A key of the on-screen keyboard was let go. */
export class KeyReleaseEvent extends Event {
  static readonly type = 'key-release';
  readonly note: number;

  constructor(note: number) {
    super(KeyReleaseEvent.type, { bubbles: true, composed: true });
    this.note = note;
  }
}

/** Velocity of a key that is struck with Enter or the space bar. */
const TYPED_VELOCITY = 0.7;
const MIDDLE_C = 60;

/**
 * The keyboard: 88 keys, or a window on them where there is little room.
 * Every finger plays; nearer to the player's edge is louder. With Tab, arrow
 * keys and Enter it plays without a pointer.
 *
 * @fires key-strike with `note` and `velocity`
 * @fires key-release with `note`
 */
@customElement('piano-keyboard')
export class PianoKeyboard extends LitElement {
  /** White keys to the left of the window. */
  @property({ type: Number }) first = 0;
  /** White keys in the window. */
  @property({ type: Number }) shown = WHITE_COUNT;
  /** Letters to print on keys, by note. */
  @property({ attribute: false }) legends: ReadonlyMap<number, string> = new Map();

  /** The key that Tab reaches. */
  @state() private reached = MIDDLE_C;
  @queryAll('.key') private keys!: NodeListOf<HTMLElement>;

  readonly #fingers = new Map<number, number>();
  readonly #presses = new Uint8Array(NOTE_COUNT);
  #typed: number | undefined;

  /** Shows a key going down, whoever presses it; presses from several sources add up. */
  press(note: number): void {
    this.#count(note, 1);
  }

  /** Shows a key coming up. */
  release(note: number): void {
    this.#count(note, -1);
  }

  /** Shows all keys up. */
  releaseAll(): void {
    this.#presses.fill(0);
    for (const key of this.keys) key.classList.remove('down');
  }

  /** @param levels how loud each key sounds, 0..1, 88 values */
  showLevels(levels: ArrayLike<number>): void {
    this.keys.forEach((key, i) => {
      const level = levels[i]!.toFixed(2);
      if (key.dataset['level'] === level) return;
      key.dataset['level'] = level;
      key.style.setProperty('--level', level);
    });
  }

  protected override render(): TemplateResult {
    const width = 100 / this.shown;
    return html`
      <div class="felt"></div>
      <div
        class="keys"
        role="group"
        aria-label="Piano keys"
        @pointerdown=${this.#touch}
        @pointermove=${this.#slide}
        @pointerup=${this.#lift}
        @pointercancel=${this.#lift}
        @lostpointercapture=${this.#lift}
        @keydown=${this.#type}
        @keyup=${this.#untype}
        @focusout=${this.#untype}
      >
        ${KEYS.map((key) => this.#renderKey(key, width))}
      </div>
    `;
  }

  #renderKey(key: KeyShape, width: number): TemplateResult {
    const place = { left: `${(key.left - this.first) * width}%`, width: `${key.width * width}%` };
    const isC = key.note % 12 === 0;
    return html`<div
      class=${key.black ? 'key black' : 'key white'}
      role="button"
      aria-label=${spokenName(key.note)}
      tabindex=${key.note === this.reached ? 0 : -1}
      style=${styleMap(place)}
    >
      <i></i>
      <span aria-hidden="true">${this.legends.get(key.note) ?? nothing}</span>
      ${isC ? html`<b aria-hidden="true">${noteName(key.note)}</b>` : nothing}
    </div>`;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('first') && !changed.has('shown')) return;
    const { note: lowest } = whiteKey(this.first);
    const { note: highest } = whiteKey(this.first + this.shown - 1);
    this.reached = Math.min(highest, Math.max(lowest, this.reached));
  }

  readonly #touch = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    // A touch strikes and does not move the focus.
    event.preventDefault();
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    this.#point(event);
  };

  readonly #slide = (event: PointerEvent): void => {
    if (this.#fingers.has(event.pointerId)) this.#point(event);
  };

  /** Moves a finger to the key under it. */
  #point(event: PointerEvent): void {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const along = (event.clientY - box.top) / box.height;
    const key = keyAt(this.first + ((event.clientX - box.left) / box.width) * this.shown, along);
    const before = this.#fingers.get(event.pointerId);
    if (key === undefined || key.note === before) return;
    this.#fingers.set(event.pointerId, key.note);
    if (before !== undefined) this.dispatchEvent(new KeyReleaseEvent(before));
    this.dispatchEvent(new KeyStrikeEvent(key.note, touchVelocity(key, along)));
  }

  readonly #lift = (event: PointerEvent): void => {
    const note = this.#fingers.get(event.pointerId);
    this.#fingers.delete(event.pointerId);
    if (note !== undefined) this.dispatchEvent(new KeyReleaseEvent(note));
  };

  readonly #type = (event: KeyboardEvent): void => {
    const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -12, ArrowUp: 12, Home: -NOTE_COUNT, End: NOTE_COUNT };
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      this.#reach(this.reached + step);
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      event.stopPropagation();
      if (event.repeat || this.#typed !== undefined) return;
      this.#typed = this.reached;
      this.dispatchEvent(new KeyStrikeEvent(this.reached, TYPED_VELOCITY));
    }
  };

  readonly #untype = (event: Event): void => {
    if (this.#typed === undefined || (event instanceof KeyboardEvent && event.key !== 'Enter' && event.key !== ' ')) return;
    this.dispatchEvent(new KeyReleaseEvent(this.#typed));
    this.#typed = undefined;
  };

  #reach(note: number): void {
    const lowest = whiteKey(this.first).note;
    const highest = whiteKey(this.first + this.shown - 1).note;
    this.reached = Math.min(highest, Math.max(lowest, note));
    this.keys[this.reached - FIRST_NOTE]!.focus();
  }

  #count(note: number, change: number): void {
    if (note < FIRST_NOTE || note > LAST_NOTE) return;
    const i = note - FIRST_NOTE;
    this.#presses[i] = Math.max(0, this.#presses[i]! + change);
    this.keys[i]?.classList.toggle('down', this.#presses[i] > 0);
  }

  static override readonly styles: CSSResult[] = [
    theme,
    css`
      :host {
        display: block;
        block-size: 170px;
        position: relative;
        background: var(--ebony);
        overflow: hidden;
      }

      .felt {
        block-size: 4px;
        background: linear-gradient(color-mix(in srgb, var(--felt) 60%, black), var(--felt));
      }

      .keys {
        position: absolute;
        inset: 4px 0 0;
        touch-action: none;
        user-select: none;
        -webkit-user-select: none;
      }

      .key {
        --level: 0;
        position: absolute;
        inset-block: 0;
        box-sizing: border-box;
        display: flex;
        flex-direction: column;
        align-items: center;
        justify-content: flex-end;
        padding-block-end: 26px;
        cursor: pointer;
        font: 11px/1 var(--sans);
      }

      .white {
        background: linear-gradient(color-mix(in srgb, var(--ivory) 82%, #7d6c55), var(--ivory) 16%, var(--ivory));
        border-inline-end: 1px solid color-mix(in srgb, var(--ivory) 62%, #4d4338);
        border-radius: 0 0 4px 4px;
        box-shadow: inset 0 -5px 0 -1px color-mix(in srgb, var(--ivory) 86%, #6b5a44);
        color: #7b6e5f;
      }

      .black {
        z-index: 1;
        inset-block-end: ${100 - 100 * BLACK_LENGTH}%;
        background: linear-gradient(100deg, #46403b, var(--ebony) 30%, var(--ebony) 75%, #0c0b0a);
        border-radius: 0 0 3px 3px;
        box-shadow:
          inset 0 -9px 6px -5px #000,
          inset 0 -3px 0 #37312d,
          1px 2px 4px #0007;
        color: #a3988a;
        padding-block-end: 14px;
      }

      .key i {
        position: absolute;
        inset: 0;
        border-radius: inherit;
        background: linear-gradient(transparent, var(--glow) 80%);
        opacity: calc(var(--level) * 0.75);
        transition: opacity 70ms linear;
        pointer-events: none;
      }

      .key span,
      .key b {
        position: relative;
        pointer-events: none;
      }

      .key b {
        position: absolute;
        inset-block-end: 10px;
        font: 11px/1 var(--serif);
      }

      .white.down {
        background: linear-gradient(color-mix(in srgb, var(--ivory) 66%, #5d4f3d), color-mix(in srgb, var(--ivory) 92%, #7d6c55) 30%);
        box-shadow:
          inset 2px 0 3px -1px #0004,
          inset -2px 0 3px -1px #0004;
      }

      .black.down {
        background: linear-gradient(100deg, #3a3531, #131110 30%);
        box-shadow: inset 0 -4px 3px -3px #000;
      }

      .key:focus-visible {
        outline-offset: -3px;
        z-index: 2;
      }

      @media (hover: none) {
        .key span {
          display: none;
        }
      }
    `,
  ];
}

function whiteKey(index: number): KeyShape {
  return KEYS.filter((key) => !key.black)[Math.min(WHITE_COUNT - 1, Math.max(0, index))]!;
}

declare global {
  interface HTMLElementTagNameMap {
    'piano-keyboard': PianoKeyboard;
  }
}
