import { LitElement, css, html, nothing, svg, type CSSResult, type SVGTemplateResult, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { clockTime } from './clock-time.ts';
import { customElement } from './custom-element.ts';
import { FASTEST_BEATS, SLOWEST_BEATS } from './metronome.ts';
import type { Loop } from './performance-player.ts';
import { LoopEvent } from './seek-line.ts';
import { theme } from './theme.ts';

/** The player set how fast the piece goes. */
export class TempoEvent extends Event {
  static readonly type = 'tempo';
  /** Times as fast as it was recorded. */
  readonly tempo: number;

  constructor(tempo: number) {
    super(TempoEvent.type, { bubbles: true, composed: true });
    this.tempo = tempo;
  }
}

/** The player set how fast the metronome goes. */
export class BeatsEvent extends Event {
  static readonly type = 'beats';
  readonly beatsPerMinute: number;

  constructor(beatsPerMinute: number) {
    super(BeatsEvent.type, { bubbles: true, composed: true });
    this.beatsPerMinute = beatsPerMinute;
  }
}

const TEMPOS = [0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.25, 1.5];

/**
 * Record and metronome; and where something is open to be heard, play, loop and tempo.
 *
 * @fires record to begin or to end a take
 * @fires metronome to switch it
 * @fires play-pause
 * @fires original to go from the piano to the recording that this was heard in, or back
 * @fires beats with `beatsPerMinute`
 * @fires tempo with `tempo`
 * @fires loop with `loop`
 */
@customElement('piano-transport')
export class PianoTransport extends LitElement {
  @property({ type: Boolean }) recording = false;
  @property({ type: Boolean }) metronome = false;
  @property({ type: Number }) beatsPerMinute = 90;
  /** Whether a performance is open. */
  @property({ type: Boolean }) open = false;
  @property({ type: Boolean }) playing = false;
  /** Seconds. */
  @property({ type: Number }) position = 0;
  /** Seconds. */
  @property({ type: Number }) duration = 0;
  @property({ type: Number }) tempo = 1;
  @property({ attribute: false }) loop: Loop | undefined;
  /** Whether the recording that this was heard in sounds in place of the piano; undefined where there is none. */
  @property({ attribute: false }) original: boolean | undefined;

  protected override render(): TemplateResult {
    return html`
      <button
        class="record"
        aria-pressed=${this.recording}
        aria-label=${this.recording ? 'Recording' : 'Record'}
        title=${this.recording ? 'End the recording' : 'Record what you play'}
        @click=${() => this.#fire('record')}
      >
        ${icon(svg`<circle cx="8" cy="8" r="5" />`)}
      </button>
      <button aria-pressed=${this.metronome} aria-label="Metronome" title="Metronome" @click=${() => this.#fire('metronome')}>
        ${icon(svg`<path d="M5.6 1.5h4.8L13 14.5H3zM4 10.5h8M8 10.5 12.5 3" />`)}
      </button>
      ${this.metronome
        ? html`<input
            type="number"
            aria-label="Beats a minute"
            min=${SLOWEST_BEATS}
            max=${FASTEST_BEATS}
            .value=${String(this.beatsPerMinute)}
            @change=${(event: Event) => this.dispatchEvent(new BeatsEvent(Number((event.target as HTMLInputElement).value)))}
          />`
        : nothing}
      ${this.open ? this.#renderOpen() : nothing}
    `;
  }

  #renderOpen(): TemplateResult {
    const tempos = TEMPOS.includes(this.tempo) ? TEMPOS : [...TEMPOS, this.tempo].sort((a, b) => a - b);
    return html`
      <button class="play" aria-label=${this.playing ? 'Pause' : 'Play'} @click=${() => this.#fire('play-pause')}>
        ${icon(this.playing ? svg`<path d="M4 3h3v10H4zM9 3h3v10H9z" />` : svg`<path d="M4 2.5 13.5 8 4 13.5z" />`)}
      </button>
      <time>${clockTime(this.position)} / ${clockTime(this.duration)}</time>
      <button aria-pressed=${this.loop !== undefined} aria-label="Loop" title="Loop" @click=${this.#onLoop}>
        ${icon(svg`<path d="M3 9V7.5a3 3 0 0 1 3-3h6.5M10.5 2l2.5 2.5L10.5 7M13 7v1.5a3 3 0 0 1-3 3H3.5M5.5 9 3 11.5 5.5 14" />`)}
      </button>
      <select aria-label="Tempo" @change=${(event: Event) => this.dispatchEvent(new TempoEvent(Number((event.target as HTMLSelectElement).value)))}>
        ${tempos.map((tempo) => html`<option value=${tempo} .selected=${tempo === this.tempo}>${Math.round(100 * tempo)} %</option>`)}
      </select>
      ${this.original === undefined
        ? nothing
        : html`<button class="original" aria-pressed=${this.original} title="Hear the recording in place of the piano" @click=${() => this.#fire('original')}>Original</button>`}
    `;
  }

  readonly #onLoop = (): void => {
    this.dispatchEvent(new LoopEvent(this.loop === undefined ? { start: 0, end: this.duration } : undefined));
  };

  #fire(name: string): void {
    this.dispatchEvent(new Event(name, { bubbles: true, composed: true }));
  }

  static override readonly styles: CSSResult[] = [
    theme,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: 2px;
        color: var(--gold);
      }

      button {
        display: grid;
        place-content: center;
        inline-size: 2.6em;
        block-size: 2.77em;
        border-radius: 4px;
        opacity: 0.8;
      }

      button:hover,
      button[aria-pressed='true'] {
        opacity: 1;
      }

      svg {
        inline-size: 1.23em;
        block-size: 1.23em;
        fill: none;
        stroke: currentColor;
        stroke-width: 1.3;
        stroke-linejoin: round;
        stroke-linecap: round;
      }

      .original {
        inline-size: auto;
        padding-inline: 6px;
      }

      .play svg {
        fill: currentColor;
      }

      .record[aria-pressed='true'] svg {
        fill: #d8443c;
        stroke: #d8443c;
        animation: breathe 1.6s ease-in-out infinite;
      }

      button[aria-pressed='true']:not(.record) {
        color: #fff3d4;
        background: linear-gradient(currentColor, currentColor) 50% calc(100% - 4px) / 1.23em 1px no-repeat;
      }

      input {
        inline-size: 3.6em;
        box-sizing: border-box;
        padding: 4px 2px;
        border: 0;
        border-block-end: 1px solid color-mix(in srgb, var(--gold) 50%, transparent);
        font: inherit;
        color: inherit;
        background: none;
      }

      time {
        margin-inline: 2px 4px;
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
      }

      select {
        padding-block: 6px;
      }

      option {
        color: #2a2420;
        background: #fff;
      }

      @keyframes breathe {
        50% {
          opacity: 0.45;
        }
      }
    `,
  ];
}

function icon(shape: SVGTemplateResult): TemplateResult {
  return html`<svg viewBox="0 0 16 16" aria-hidden="true">${shape}</svg>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'piano-transport': PianoTransport;
  }
}
