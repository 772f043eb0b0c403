import { LitElement, css, html, svg, type CSSResult, type SVGTemplateResult, type TemplateResult } from 'lit';
import { property, queryAll } from 'lit/decorators.js';
import { cssProperties } from './css-properties.ts';
import { FIRST_NOTE, NOTE_COUNT } from '../model/spec.ts';
import { customElement } from './custom-element.ts';
import { KEYS, WHITE_COUNT, type KeyShape } from './keyboard-layout.ts';
import { theme } from './theme.ts';

/** Strings up to this note are wound with copper. */
const LAST_WOUND_NOTE = 52;
/** The drawing's own units. */
const WIDTH = 1040;
const HEIGHT = 400;

/**
 * The strings of the piano, seen from above. A string that sounds swells and
 * glows, and fades as its note does.
 */
@customElement('piano-strings')
export class PianoStrings extends LitElement {
  /** White keys to the left of the keyboard's window; strings outside it are dimmed. */
  @property({ type: Number }) first = 0;
  /** White keys in the window; by default all 52. */
  @property({ type: Number }) shown: number = WHITE_COUNT;

  @queryAll('.swell') private swells!: NodeListOf<SVGPathElement>;

  /** Shows how loud each key sounds. @param levels 88 values, 0..1 */
  showLevels(levels: ArrayLike<number>): void {
    this.swells.forEach((swell, i) => {
      const level = levels[i]!.toFixed(2);
      if (swell.dataset['level'] === level) return;
      swell.dataset['level'] = level;
      swell.style.setProperty('--level', level);
    });
  }

  protected override render(): TemplateResult {
    return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
      <defs>
        <linearGradient id="swell">
          <stop offset="0" stop-opacity="0" />
          <stop offset="0.5" />
          <stop offset="1" stop-opacity="0" />
        </linearGradient>
      </defs>
      <path class="board" d=${outline()} />
      ${KEYS.map((key) => this.#renderString(key))}
      <path class="rim" d=${outline()} vector-effect="non-scaling-stroke" />
    </svg>`;
  }

  #renderString(key: KeyShape): SVGTemplateResult {
    // Strings lie at even distances, as the tails of the keys do.
    const x = ((key.note - FIRST_NOTE + 0.5) * WIDTH) / NOTE_COUNT;
    const top = topOf(x) + 6;
    const middle = (top + HEIGHT) / 2;
    const away = key.left + 1 <= this.first || key.left >= this.first + this.shown;
    const wound = key.note <= LAST_WOUND_NOTE;
    return svg`<g class=${`${wound ? 'wound' : 'plain'}${away ? ' away' : ''}`} ${cssProperties({ '--thickness': `${thickness(key.note)}px` })}>
      <path class="wire" d=${`M${x} ${top}V${HEIGHT}`} vector-effect="non-scaling-stroke" />
      <path class="swell" d=${`M${x} ${top}Q${x - 13} ${middle} ${x} ${HEIGHT}Q${x + 13} ${middle} ${x} ${top}Z`} ${cssProperties({ 'transform-origin': `${x}px 0` })} />
    </g>`;
  }

  /** Of the shadow root. */
  static override readonly styles: CSSResult[] = [
    theme,
    css`
      :host {
        display: block;
        min-block-size: 0;
      }

      svg {
        display: block;
        inline-size: 100%;
        block-size: 100%;
        overflow: visible;
      }

      .board {
        fill: var(--board);
      }

      .rim {
        fill: none;
        stroke: var(--gold);
        stroke-width: 1.5px;
        opacity: 0.7;
      }

      stop {
        stop-color: var(--glow);
      }

      .wire {
        stroke: var(--steel);
        stroke-width: var(--thickness);
        opacity: 0.75;
      }

      .wound .wire {
        stroke: var(--copper);
      }

      .away {
        opacity: 0.35;
      }

      .swell {
        --level: 0;
        fill: url(#swell);
        opacity: var(--level);
        transform: scaleX(calc(0.2 + 0.8 * var(--level)));
        transition:
          opacity 70ms linear,
          transform 70ms linear;
      }

      @media (prefers-reduced-motion: reduce) {
        .swell {
          transform: scaleX(0.3);
        }
      }
    `,
  ];
}

/** Pixels: the bass is thicker. */
function thickness(note: number): string {
  return (2.1 - (1.4 * (note - FIRST_NOTE)) / (KEYS.length - 1)).toFixed(2);
}

/** Height of the bent side at `x`: long strings in the bass, short ones in the treble, as in a grand. */
function topOf(x: number): number {
  const share = x / WIDTH;
  return HEIGHT * (1 - (0.1 + 0.88 / (1 + Math.exp(8.5 * (share - 0.345))))) - 4;
}

function outline(): string {
  const steps = 60;
  const bend = Array.from({ length: steps + 1 }, (_, i) => {
    const x = (WIDTH * i) / steps;
    return `${x.toFixed(1)} ${topOf(x).toFixed(1)}`;
  });
  return `M0 ${HEIGHT}L${bend.join('L')}L${WIDTH} ${HEIGHT}`;
}

declare global {
  interface HTMLElementTagNameMap {
    'piano-strings': PianoStrings;
  }
}
