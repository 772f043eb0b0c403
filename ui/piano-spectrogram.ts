import { LitElement, css, html, type CSSResult, type PropertyValues, type TemplateResult } from 'lit';
import { property, query } from 'lit/decorators.js';
import { customElement } from './custom-element.ts';
import { theme } from './theme.ts';

/** Hz at the lower and the upper edge; octaves between are equally high. */
const LOWEST = 40;
const HIGHEST = 12_800;
/** dB at which a colour begins, and at which it is full. */
const QUIET = -100;
const LOUD = -30;
const COLUMNS_PER_SECOND = 25;
const WIDTH = 120;
const HEIGHT = 26;

/** The spectrum of the last seconds, the newest at the right. Who asked for less motion sees that of the moment. */
@customElement('piano-spectrogram')
export class PianoSpectrogram extends LitElement {
  @property({ attribute: false }) analyser: AnalyserNode | undefined;

  @query('canvas') private canvas!: HTMLCanvasElement;
  #timer: ReturnType<typeof setInterval> | undefined;
  #levels = new Float32Array(0);
  readonly #calm = matchMedia('(prefers-reduced-motion: reduce)');

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  protected override render(): TemplateResult {
    return html`<canvas width=${WIDTH} height=${HEIGHT} role="img" aria-label="Spectrogram"></canvas>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('analyser')) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (this.analyser === undefined) return;
    this.#levels = new Float32Array(this.analyser.frequencyBinCount);
    this.#timer = setInterval(this.#draw, 1000 / COLUMNS_PER_SECOND);
  }

  readonly #draw = (): void => {
    const context = this.canvas.getContext('2d', { willReadFrequently: true });
    const { analyser } = this;
    if (context === null || analyser?.context.state !== 'running' || document.hidden) return;
    analyser.getFloatFrequencyData(this.#levels);
    context.fillStyle = getComputedStyle(this).color;
    if (this.#calm.matches) {
      context.clearRect(0, 0, WIDTH, HEIGHT);
      for (let x = 0; x < WIDTH; x++) this.#drawLevel(context, x, x + 1, WIDTH, HEIGHT);
      return;
    }
    context.globalCompositeOperation = 'copy';
    context.globalAlpha = 1;
    context.drawImage(this.canvas, -1, 0);
    context.globalCompositeOperation = 'source-over';
    for (let y = 0; y < HEIGHT; y++) {
      context.globalAlpha = this.#levelBetween(y / HEIGHT, (y + 1) / HEIGHT);
      context.fillRect(WIDTH - 1, HEIGHT - 1 - y, 1, 1);
    }
  };

  #drawLevel(context: CanvasRenderingContext2D, from: number, to: number, of: number, height: number): void {
    const level = this.#levelBetween(from / of, to / of);
    context.fillRect(from, height * (1 - level), to - from, height * level);
  }

  /** The loudest bin between two places on the axis of frequencies, 0..1 each. */
  #levelBetween(from: number, to: number): number {
    const { sampleRate } = this.analyser!.context;
    const binOf = (place: number): number => (LOWEST * (HIGHEST / LOWEST) ** place * this.analyser!.fftSize) / sampleRate;
    let loudest = -Infinity;
    for (let bin = Math.round(binOf(from)); bin <= Math.round(binOf(to)); bin++) loudest = Math.max(loudest, this.#levels[bin] ?? -Infinity);
    return Math.min(1, Math.max(0, (loudest - QUIET) / (LOUD - QUIET)));
  }

  static override readonly styles: CSSResult[] = [
    theme,
    css`
      :host {
        display: block;
        color: var(--glow);
        line-height: 0;
      }

      canvas {
        inline-size: 9.23em;
        block-size: 2em;
        border-block-end: 1px solid var(--line);
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'piano-spectrogram': PianoSpectrogram;
  }
}
