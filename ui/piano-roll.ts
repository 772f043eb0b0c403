import { LitElement, css, html, type CSSResult, type PropertyValues, type TemplateResult } from 'lit';
import { property, query } from 'lit/decorators.js';
import type { Performance } from '../model/performance.ts';
import { FIRST_NOTE } from '../model/spec.ts';
import { customElement } from './custom-element.ts';
import { KEYS, LAST_NOTE, WHITE_COUNT } from './keyboard-layout.ts';
import type { Loop } from './performance-player.ts';
import { rollBars, type RollBar } from './roll-bars.ts';
import { theme } from './theme.ts';

const PIXELS_PER_SECOND = 84;
/** A staccato is still to be seen. */
const SHORTEST_BAR = 5;
const INSET = 0.14;
const CORNER = 3;
/** Who asked for less motion gets a still picture, twice a second. */
const STILL_SECONDS = 0.5;

/** What is to come, falling on the keys below: one bar for each note, the stronger the brighter. */
@customElement('piano-roll')
export class PianoRoll extends LitElement {
  @property({ attribute: false }) performance: Performance | undefined;
  @property({ type: Boolean }) playing = false;
  @property({ attribute: false }) loop: Loop | undefined;
  /** Tells the place in the performance, in seconds; asked for each frame. */
  @property({ attribute: false }) position: () => number = () => 0;
  /** White keys to the left of the window, and in it. */
  @property({ type: Number }) first = 0;
  @property({ type: Number }) shown = WHITE_COUNT;

  @query('canvas') private canvas!: HTMLCanvasElement;

  #bars: readonly RollBar[] = [];
  #frame = 0;
  readonly #resizes = new ResizeObserver(() => this.#draw());
  readonly #calm = matchMedia('(prefers-reduced-motion: reduce)');

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizes.disconnect();
    cancelAnimationFrame(this.#frame);
  }

  protected override render(): TemplateResult {
    return html`<canvas aria-hidden="true"></canvas>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('performance')) this.#bars = this.performance === undefined ? [] : rollBars(this.performance);
    cancelAnimationFrame(this.#frame);
    this.#draw();
    if (this.playing) this.#frame = requestAnimationFrame(this.#animate);
  }

  readonly #animate = (): void => {
    this.#draw();
    this.#frame = requestAnimationFrame(this.#animate);
  };

  #draw(): void {
    const { canvas } = this;
    const context = canvas?.getContext('2d');
    if (!context) return;
    const { clientWidth: width, clientHeight: height } = this;
    const density = devicePixelRatio;
    canvas.width = Math.round(width * density);
    canvas.height = Math.round(height * density);
    context.scale(density, density);
    context.fillStyle = getComputedStyle(this).color;
    const position = this.position();
    const now = this.#calm.matches && this.playing ? Math.floor(position / STILL_SECONDS) * STILL_SECONDS : position;
    const last = now + height / PIXELS_PER_SECOND;
    for (const bar of this.#bars) {
      if (bar.start > last) break;
      if (bar.end >= now) this.#drawBar(context, bar, now, width, height);
    }
  }

  #drawBar(context: CanvasRenderingContext2D, { note, velocity, start, end }: RollBar, now: number, width: number, height: number): void {
    if (note < FIRST_NOTE || note > LAST_NOTE) return;
    const key = KEYS[note - FIRST_NOTE]!;
    const unit = width / this.shown;
    const inset = key.black ? 0 : INSET * unit;
    const bottom = height - Math.max(0, start - now) * PIXELS_PER_SECOND;
    const top = Math.min(bottom - SHORTEST_BAR, height - (end - now) * PIXELS_PER_SECOND);
    const sounding = start <= now;
    const inLoop = this.loop === undefined || (end > this.loop.start && start < this.loop.end);
    context.globalAlpha = (sounding ? 1 : 0.25 + 0.5 * velocity) * (inLoop ? 1 : 0.3);
    context.beginPath();
    context.roundRect((key.left - this.first) * unit + inset, top, key.width * unit - 2 * inset, bottom - top, CORNER);
    context.fill();
  }

  static override readonly styles: CSSResult[] = [
    theme,
    css`
      :host {
        display: block;
        color: var(--glow);
        pointer-events: none;
      }

      canvas {
        display: block;
        inline-size: 100%;
        block-size: 100%;
        mask: linear-gradient(transparent, #000 18%);
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'piano-roll': PianoRoll;
  }
}
