import { LitElement, css, html, type CSSResult, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { brassSlider } from './brass-slider.ts';
import { theme } from './theme.ts';

/** The player moved the width of the keyboard, the level of the room or that of the resonance. */
export class StageEvent extends Event {
  static readonly type = 'stage';
  readonly width: number;
  readonly room: number;
  readonly resonance: number;

  constructor(width: number, room: number, resonance: number) {
    super(StageEvent.type, { bubbles: true, composed: true });
    this.width = width;
    this.room = room;
    this.resonance = resonance;
  }
}

/**
 * Where the piano stands: how wide it is, in how much of a room, and how much its strings answer each other.
 *
 * @fires stage with `width`, `room` and `resonance`
 */
@customElement('piano-stage')
export class PianoStage extends LitElement {
  /** How far the keyboard reaches from left to right, 0..1. */
  @property({ type: Number }) width = 0;
  /** Level of the room, 0..1. */
  @property({ type: Number }) room = 0;
  /** How much strings answer others, 0..1. */
  @property({ type: Number }) resonance = 0.5;

  protected override render(): TemplateResult {
    return html`${this.#slider('Width', 'width')} ${this.#slider('Room', 'room')} ${this.#slider('Resonance', 'resonance')}`;
  }

  #slider(name: string, setting: 'width' | 'room' | 'resonance'): TemplateResult {
    const value = this[setting];
    return html`<label>
      <span>${name}</span>
      <input
        class="brass"
        type="range"
        min="0"
        max="1"
        step="0.01"
        aria-valuetext=${`${Math.round(100 * value)} %`}
        .value=${String(value)}
        @input=${(event: Event) => this.#set(setting, Number((event.target as HTMLInputElement).value))}
      />
    </label>`;
  }

  #set(setting: 'width' | 'room' | 'resonance', value: number): void {
    this[setting] = value;
    this.dispatchEvent(new StageEvent(this.width, this.room, this.resonance));
  }

  static override readonly styles: CSSResult[] = [
    theme,
    brassSlider,
    css`
      :host {
        display: grid;
        gap: var(--sheet-gap, 12px);
        color: var(--soft);
      }

      label {
        display: grid;
        grid-template-columns: 84px minmax(0, 1fr);
        align-items: center;
        gap: 10px;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'piano-stage': PianoStage;
  }
}
