import { LitElement, html, nothing, type CSSResult, type PropertyValues, type TemplateResult } from 'lit';
import { property, queryAll, state } from 'lit/decorators.js';
import { cssProperties } from './css-properties.ts';
import { FIRST_NOTE, NOTE_COUNT } from '../model/spec.ts';
import { customElement } from './custom-element.ts';
import { KEYS, LAST_NOTE, WHITE_COUNT, keyAt, noteName, spokenName, touchVelocity, type KeyShape } from './keyboard-layout.ts';
import { pianoKeyboardStyles } from './piano-keyboard.styles.ts';
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
 * @fires {KeyStrikeEvent} key-strike - A key goes down, with `note` and `velocity`.
 * @fires {KeyReleaseEvent} key-release - A key comes up, with `note`.
 */
@customElement('piano-keyboard')
export class PianoKeyboard extends LitElement {
  /** White keys to the left of the window. */
  @property({ type: Number }) first = 0;
  /** White keys in the window; by default all 52. */
  @property({ type: Number }) shown: number = WHITE_COUNT;
  /** Letters to print on keys, by note. */
  @property({ attribute: false }) legends: ReadonlyMap<number, string> = new Map();

  /** The key that Tab reaches. */
  @state() private reached = MIDDLE_C;
  @queryAll('.key') private keys!: NodeListOf<HTMLElement>;

  readonly #fingers = new Map<number, number>();
  readonly #presses = new Uint8Array(NOTE_COUNT);
  #typed: number | undefined;

  /** Shows a key going down, whoever presses it; presses from several sources add up. @param velocity 0..1, a mark on the key */
  press(note: number, velocity: number): void {
    this.#count(note, 1);
    this.keys[note - FIRST_NOTE]?.style.setProperty('--velocity', velocity.toFixed(2));
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

  /** Shows how loud each key sounds. @param levels 88 values, 0..1 */
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
    const legend = this.legends.get(key.note);
    return html`<div
      class=${key.black ? 'key black' : 'key white'}
      role="button"
      data-note=${key.note}
      aria-label=${spokenName(key.note)}
      aria-keyshortcuts=${legend ?? nothing}
      tabindex=${key.note === this.reached ? 0 : -1}
      ${cssProperties(place)}
    >
      <i></i><em></em>
      <span data-print=${legend ?? nothing}></span>
      ${key.note % 12 === 0 ? html`<b data-print=${noteName(key.note)}></b>` : nothing}
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

  /** Of the shadow root. */
  static override readonly styles: CSSResult[] = [theme, pianoKeyboardStyles];
}

function whiteKey(index: number): KeyShape {
  return KEYS.filter((key) => !key.black)[Math.min(WHITE_COUNT - 1, Math.max(0, index))]!;
}

declare global {
  interface HTMLElementTagNameMap {
    'piano-keyboard': PianoKeyboard;
  }
}
