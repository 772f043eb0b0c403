import { LitElement, css, html, nothing, type CSSResult, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { clockTime } from './clock-time.ts';
import { cssProperties } from './css-properties.ts';
import { customElement } from './custom-element.ts';
import type { Loop } from './performance-player.ts';
import { theme } from './theme.ts';

/** The player moved to a place in the performance. */
export class SeekEvent extends Event {
  static readonly type = 'seek';
  readonly seconds: number;

  constructor(seconds: number) {
    super(SeekEvent.type, { bubbles: true, composed: true });
    this.seconds = seconds;
  }
}

/** The player wants a part played again and again, or no longer. */
export class LoopEvent extends Event {
  static readonly type = 'loop';
  readonly loop: Loop | undefined;

  constructor(loop: Loop | undefined) {
    super(LoopEvent.type, { bubbles: true, composed: true });
    this.loop = loop;
  }
}

/**
 * The place in what is played, as a thin line over the whole width, and the
 * ends of the loop on it.
 *
 * @fires seek with `seconds`
 * @fires loop with `loop`
 */
@customElement('seek-line')
export class SeekLine extends LitElement {
  /** What is played, for people to read. */
  @property() name = '';
  /** Seconds. */
  @property({ type: Number }) position = 0;
  /** Seconds. */
  @property({ type: Number }) duration = 0;
  @property({ attribute: false }) loop: Loop | undefined;

  protected override render(): TemplateResult {
    const share = (seconds: number): string => `${this.duration > 0 ? (100 * seconds) / this.duration : 0}%`;
    const { start, end } = this.loop ?? { start: 0, end: this.duration };
    return html`<div ${cssProperties({ '--played': share(this.position), '--from': share(start), '--to': share(end) })}>
      <i class=${this.loop === undefined ? '' : 'loop'}></i>
      ${this.#renderRange('place', `Place in ${this.name}`, this.position, (seconds) => new SeekEvent(seconds))}
      ${this.loop === undefined
        ? nothing
        : html`${this.#renderRange('mark', 'Loop from', start, (seconds) => new LoopEvent({ start: Math.min(seconds, end), end }))}
          ${this.#renderRange('mark', 'Loop to', end, (seconds) => new LoopEvent({ start, end: Math.max(seconds, start) }))}`}
    </div>`;
  }

  #renderRange(name: string, label: string, value: number, eventOf: (seconds: number) => Event): TemplateResult {
    return html`<input
      class=${name}
      type="range"
      aria-label=${label}
      aria-valuetext=${clockTime(value)}
      min="0"
      max=${this.duration}
      step="0.1"
      .value=${String(value)}
      @input=${(event: Event) => this.dispatchEvent(eventOf(Number((event.target as HTMLInputElement).value)))}
    />`;
  }

  static override readonly styles: CSSResult[] = [
    theme,
    css`
      :host {
        display: block;
        position: relative;
        z-index: 1;
        block-size: 0;
      }

      div {
        position: absolute;
        inset: -12px 0 auto;
        block-size: 24px;
      }

      i {
        position: absolute;
        inset: 11px 0 auto;
        block-size: 2px;
        background: linear-gradient(var(--glow), var(--glow)) left / var(--played) 100% no-repeat var(--case);
      }

      i.loop::after {
        content: '';
        position: absolute;
        inset: -3px calc(100% - var(--to)) -3px var(--from);
        background: color-mix(in srgb, var(--gold) 45%, transparent);
      }

      input {
        appearance: none;
        position: absolute;
        inset: 0;
        inline-size: 100%;
        margin: 0;
        background: none;
        cursor: pointer;
      }

      .mark {
        pointer-events: none;
      }

      input::-webkit-slider-thumb {
        appearance: none;
        inline-size: 12px;
        block-size: 12px;
        border: 0;
        border-radius: 50%;
        background: var(--glow);
        box-shadow: 0 0 0 2px var(--case);
        pointer-events: auto;
      }

      input::-moz-range-thumb {
        inline-size: 12px;
        block-size: 12px;
        border: 0;
        border-radius: 50%;
        background: var(--glow);
        box-shadow: 0 0 0 2px var(--case);
        pointer-events: auto;
      }

      .mark::-webkit-slider-thumb {
        block-size: 20px;
        border-radius: 3px;
        background: var(--gold);
      }

      .mark::-moz-range-thumb {
        block-size: 20px;
        border-radius: 3px;
        background: var(--gold);
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'seek-line': SeekLine;
  }
}
