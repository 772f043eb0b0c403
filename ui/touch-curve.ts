import { LitElement, css, html, nothing, svg, type CSSResult, type PropertyValues, type TemplateResult } from 'lit';
import { property, query } from 'lit/decorators.js';
import { brassSlider } from './brass-slider.ts';
import { customElement } from './custom-element.ts';
import './learn-button.ts';
import { SETTING_RANGES } from './sound-settings.ts';
import { bendVelocity } from './velocity-curve.ts';
import { theme } from './theme.ts';

/** The player set how a keyboard is felt. */
export class TouchCurveEvent extends Event {
  static readonly type = 'touch-curve';
  /** -1 light .. 1 heavy. */
  readonly touch: number;

  constructor(touch: number) {
    super(TouchCurveEvent.type, { bubbles: true, composed: true });
    this.touch = touch;
  }
}

/** A key that was struck: what the keyboard sent, and what the piano heard, 0..1. */
export interface Strike {
  readonly sent: number;
  readonly heard: number;
}

const { least, most, step, rest, describe } = SETTING_RANGES.touch;
const SIZE = 100;
const STEPS = 24;
const FADE_MILLISECONDS = 1500;

/**
 * The velocity curve, and a dot on it for each key that is struck.
 *
 * @fires touch-curve with `touch`
 * @fires learn with `setting` and `forget`
 */
@customElement('touch-curve')
export class TouchCurve extends LitElement {
  /** -1 light .. 1 heavy. */
  @property({ type: Number }) touch = 0;
  /** The controller that turns it, whether it waits for one, and whether there is a keyboard that could have one. */
  @property({ type: Number }) controller: number | undefined;
  @property({ type: Boolean }) waiting = false;
  @property({ type: Boolean }) midi = false;
  /** The last key. */
  @property({ attribute: false }) strike: Strike | undefined;

  @query('circle') private dot!: SVGCircleElement | null;

  protected override render(): TemplateResult {
    const curve = Array.from({ length: STEPS + 1 }, (_, i) => `${(SIZE * i) / STEPS} ${(SIZE * (1 - bendVelocity(i / STEPS, this.touch))).toFixed(1)}`);
    return html`<svg viewBox="-4 -4 ${SIZE + 8} ${SIZE + 8}" aria-hidden="true">
        <path class="frame" d="M0 0V${SIZE}H${SIZE}" />
        <path class="plain" d="M0 ${SIZE}L${SIZE} 0" />
        <path class="curve" d=${`M${curve.join('L')}`} />
        ${this.strike === undefined ? nothing : svg`<circle cx=${SIZE * this.strike.sent} cy=${SIZE * (1 - this.strike.heard)} r="4" />`}
      </svg>
      <div class="turn">
        <label>
          <span>Touch</span>
          <input
            class="brass"
            type="range"
            min=${least}
            max=${most}
            step=${step}
            title="A double click brings it back"
            aria-label="Touch"
            aria-valuetext=${describe(this.touch)}
            .value=${String(this.touch)}
            @input=${(event: Event) => this.#set(Number((event.target as HTMLInputElement).value))}
            @dblclick=${() => this.#set(rest)}
            @keydown=${(event: KeyboardEvent) => event.key === 'Delete' && this.#set(rest)}
          />
          <small>${describe(this.touch)}</small>
        </label>
        <learn-button .setting=${'touch'} .name=${'Touch'} .controller=${this.controller} .waiting=${this.waiting} .offered=${this.midi}></learn-button>
      </div>`;
  }

  #set(touch: number): void {
    this.dispatchEvent(new TouchCurveEvent(touch));
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('strike') || this.dot === null || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    this.dot.animate([{ opacity: 1 }, { opacity: 0.25 }], { duration: FADE_MILLISECONDS, fill: 'forwards' });
  }

  static override readonly styles: CSSResult[] = [
    theme,
    brassSlider,
    css`
      :host {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        align-items: end;
        gap: 16px;
      }

      svg {
        inline-size: var(--curve-size, 132px);
        block-size: var(--curve-size, 132px);
      }

      path {
        fill: none;
        stroke: var(--line);
      }

      .plain {
        stroke-dasharray: 2 3;
      }

      .curve {
        stroke: var(--gold);
        stroke-width: 1.6;
      }

      circle {
        fill: var(--glow);
      }

      label {
        display: grid;
        gap: 2px;
        color: var(--soft);
      }

      .turn {
        min-inline-size: 0;
      }

      small {
        font: inherit;
        color: var(--ink);
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'touch-curve': TouchCurve;
  }
}
