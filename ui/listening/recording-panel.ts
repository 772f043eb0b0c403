import { LitElement, css, html, nothing, type CSSResult, type TemplateResult } from 'lit';
import { property, query } from 'lit/decorators.js';
import { clockTime } from '../clock-time.ts';
import { customElement } from '../custom-element.ts';
import { theme } from '../theme.ts';
import type { ListeningState, ListeningWish } from './listening-controller.ts';

/** What the player wants of a recording. */
export type RecordingWish = ListeningWish | { readonly file: File };

export class RecordingEvent extends Event {
  static readonly type = 'recording';
  readonly wish: RecordingWish;

  constructor(wish: RecordingWish) {
    super(RecordingEvent.type, { bubbles: true, composed: true });
    this.wish = wish;
  }
}

/**
 * A recording of the player's own piano: opened, or made with the microphone, and then listened to.
 *
 * @fires recording with `wish`
 */
@customElement('recording-panel')
export class RecordingPanel extends LitElement {
  @property({ attribute: false }) state: ListeningState = { type: 'idle' };

  @query('input') private input!: HTMLInputElement;

  protected override render(): TemplateResult {
    return html`<section aria-label="A piano of your own">${this.#renderState()}</section>
      <input hidden type="file" accept="audio/*,.wav,.flac,.ogg,.mp3,.m4a" @change=${this.#onChange} />`;
  }

  #renderState(): TemplateResult {
    const { state } = this;
    switch (state.type) {
      case 'idle':
        return html`<span>A piano of your own:</span> ${this.#renderButton('Open a recording', () => this.input.click())}
          ${this.#renderButton('Use the microphone', () => this.#wish('microphone'))}
          ${this.#renderButton('Save the étude', () => this.#wish('etude'), 'A MIDI file of one minute that strikes every key: play it on your piano, and record it')}`;
      case 'recording':
        return html`<span class="name"><i></i> Play all over the keyboard, soft to loud</span> <time>${clockTime(state.seconds)}</time>
          ${this.#renderButton('Done', () => this.#wish('finish'))} ${this.#renderButton('Cancel', () => this.#wish('stop'))}`;
      case 'offer':
        return html`<span class="name">${state.name}</span> <time>${clockTime(state.seconds)}</time>
          ${this.#renderButton('Make a piano of it', () => this.#wish('style'))} ${this.#renderButton('Hear its notes on this piano', () => this.#wish('notes'))}
          <button aria-label="Forget the recording" @click=${() => this.#wish('stop')}>✕</button>`;
      case 'working':
        return html`<span class="name">${state.wanted === 'style' ? 'Learning' : 'Listening to'} ${state.name}</span>
          <progress max="1" .value=${state.done} aria-label="Progress"></progress> <time>${timeLeft(state.left)}</time>
          ${this.#renderButton('Stop', () => this.#wish('stop'))}`;
    }
  }

  #renderButton(label: string, action: () => void, title?: string): TemplateResult {
    return html`<button class="wish" title=${title ?? nothing} @click=${action}>${label}</button>`;
  }

  #wish(wish: RecordingWish): void {
    this.dispatchEvent(new RecordingEvent(wish));
  }

  readonly #onChange = (): void => {
    const file = this.input.files?.[0];
    // So that choosing the same file again is a change.
    this.input.value = '';
    if (file !== undefined) this.#wish({ file });
  };

  static override readonly styles: CSSResult[] = [
    theme,
    css`
      :host {
        display: block;
        color: var(--soft);
      }

      section {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 2px 14px;
      }

      .name {
        overflow-wrap: anywhere;
        font: var(--name-size, 1.23em) / 1.2 var(--serif);
        color: var(--ink);
      }

      time {
        font-variant-numeric: tabular-nums;
      }

      .wish {
        min-block-size: 24px;
        text-decoration: underline;
        text-decoration-color: var(--line);
        text-underline-offset: 3px;
      }

      .wish:hover {
        color: var(--ink);
        text-decoration-color: var(--gold);
      }

      progress {
        appearance: none;
        flex: 1 1 80px;
        block-size: 3px;
        border: 0;
        align-self: center;
        background: var(--line);
      }

      progress::-webkit-progress-bar {
        background: var(--line);
      }

      progress::-webkit-progress-value {
        background: var(--glow);
      }

      progress::-moz-progress-bar {
        background: var(--glow);
      }

      i {
        display: inline-block;
        inline-size: 0.7em;
        block-size: 0.7em;
        border-radius: 50%;
        background: var(--felt);
      }
    `,
  ];
}

function timeLeft(seconds: number | undefined): string {
  if (seconds === undefined) return '';
  return seconds < 90 ? `${Math.ceil(seconds / 5) * 5} s left` : `${Math.round(seconds / 60)} min left`;
}

declare global {
  interface HTMLElementTagNameMap {
    'recording-panel': RecordingPanel;
  }
}
