import { LitElement, css, html, type CSSResult, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { cssProperties } from './css-properties.ts';
import { customElement } from './custom-element.ts';
import { theme } from './theme.ts';

/** The player's foot moved the pedal on the screen. */
export class PedalEvent extends Event {
  static readonly type = 'pedal';
  /** MIDI controller of the pedal. */
  readonly controller: number;
  /** 0 up .. 1 down. */
  readonly depth: number;

  constructor(controller: number, depth: number) {
    super(PedalEvent.type, { bubbles: true, composed: true });
    this.controller = controller;
    this.depth = depth;
  }
}

/**
 * One of the pedals: shows how deep it is, and goes down while it is held.
 *
 * @fires pedal with `controller` and `depth`
 */
@customElement('piano-pedal')
export class PianoPedal extends LitElement {
  /** What people call it. */
  @property() name = '';
  /** Its MIDI controller. */
  @property({ type: Number }) controller = 0;
  /** 0 up .. 1 down; between, the dampers touch the strings lightly. */
  @property({ type: Number }) depth = 0;

  #held = false;

  protected override render(): TemplateResult {
    return html`<div
      class="pedal"
      role="button"
      tabindex="0"
      aria-label=${`${this.name} pedal`}
      aria-pressed=${this.depth >= 0.5}
      ${cssProperties({ '--depth': this.depth.toFixed(2) })}
      @pointerdown=${this.#down}
      @pointerup=${this.#up}
      @lostpointercapture=${this.#up}
      @keydown=${this.#type}
      @keyup=${this.#untype}
      @blur=${this.#up}
    >
      <i></i><span>${this.name}</span>
    </div>`;
  }

  readonly #down = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    event.preventDefault();
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    this.#hold(true);
  };

  readonly #up = (): void => this.#hold(false);

  readonly #type = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    this.#hold(true);
  };

  readonly #untype = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' || event.key === ' ') this.#hold(false);
  };

  #hold(held: boolean): void {
    if (held === this.#held) return;
    this.#held = held;
    this.dispatchEvent(new PedalEvent(this.controller, held ? 1 : 0));
  }

  static override readonly styles: CSSResult[] = [
    theme,
    css`
      .pedal {
        display: flex;
        flex-direction: column;
        align-items: center;
        gap: 6px;
        padding: 4px var(--pedal-padding, 14px) 2px;
        cursor: pointer;
        touch-action: none;
        user-select: none;
        white-space: nowrap;
        -webkit-user-select: none;
        color: var(--soft);
        border-radius: 6px;
      }

      i {
        inline-size: var(--pedal-size, 4.8em);
        block-size: 1.54em;
        border-radius: 5px 5px 11px 11px / 5px 5px 14px 14px;
        background: linear-gradient(#f4dfa8, #c39a4d 40%, #8a6428 88%, #6a4a1b);
        box-shadow:
          inset 0 1px 0 #fff8,
          0 calc(5px - 4px * var(--depth)) calc(6px - 4px * var(--depth)) #0006;
        transform: translateY(calc(4px * var(--depth)));
        filter: brightness(calc(1 - 0.16 * var(--depth)));
        transition:
          transform 50ms,
          box-shadow 50ms;
      }

      .pedal[aria-pressed='true'] {
        color: var(--ink);
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'piano-pedal': PianoPedal;
  }
}
