import { LitElement, css, html, nothing, svg, type CSSResult, type PropertyValues, type TemplateResult } from 'lit';
import { property, query } from 'lit/decorators.js';
import { brassSlider } from './brass-slider.ts';
import { customElement } from './custom-element.ts';
import { HEAVIEST_TOUCH, LIGHTEST_TOUCH, bendVelocity } from './velocity-curve.ts';
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

const SIZE = 100;
const STEPS = 24;
const FADE_MILLISECONDS = 1500;

/**
 * The velocity curve, and a dot on it for each key that is struck.
 *
 * @fires touch-curve with `touch`
 */
@customElement('touch-curve')
export class TouchCurve extends LitElement {
  /** -1 light .. 1 heavy. */
  @property({ type: Number }) touch = 0;
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
      <label>
        <span>Touch</span>
        <input
          class="brass"
          type="range"
          min=${LIGHTEST_TOUCH}
          max=${HEAVIEST_TOUCH}
          step="0.05"
          aria-valuetext=${describe(this.touch)}
          .value=${String(this.touch)}
          @input=${(event: Event) => this.dispatchEvent(new TouchCurveEvent(Number((event.target as HTMLInputElement).value)))}
        />
        <small>${describe(this.touch)}</small>
      </label>`;
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

      small {
        font: inherit;
        color: var(--ink);
      }
    `,
  ];
}

function describe(touch: number): string {
  if (touch === 0) return 'as the keyboard sends it';
  const share = Math.round(100 * Math.abs(touch));
  return touch < 0 ? `${share} % lighter` : `${share} % heavier`;
}

declare global {
  interface HTMLElementTagNameMap {
    'touch-curve': TouchCurve;
  }
}
