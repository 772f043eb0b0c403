import { LitElement, css, html, nothing, type CSSResult, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { customElement } from './custom-element.ts';
import { theme } from './theme.ts';

/** Something to tell the player, and perhaps something to do about it. */
export interface Notice {
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

/**
 * One sentence at the foot of the strings, until it is closed.
 *
 * @fires notice-close
 */
@customElement('piano-notice')
export class PianoNotice extends LitElement {
  @property({ attribute: false }) notice: Notice | undefined;

  protected override render(): TemplateResult {
    const { notice } = this;
    return html`<div role="status" class=${notice === undefined ? 'hidden' : 'message'}>
      ${notice === undefined
        ? nothing
        : html`<span>${notice.text}</span>
            ${notice.action === undefined ? nothing : html`<button class="action" @click=${this.#act}>${notice.action.label}</button>`}
            <button aria-label="Close the message" @click=${this.#close}>✕</button>`}
    </div>`;
  }

  readonly #act = (): void => {
    const { notice } = this;
    this.#close();
    notice?.action?.run();
  };

  readonly #close = (): void => {
    this.dispatchEvent(new Event('notice-close'));
  };

  static override readonly styles: CSSResult[] = [
    theme,
    css`
      .message {
        display: flex;
        gap: 16px;
        max-inline-size: 49em;
        margin-inline: auto;
        padding: 12px 16px;
        border-radius: 3px;
        color: var(--ink);
        background: var(--paper);
        border-inline-start: 3px solid var(--felt);
        box-shadow: 0 8px 30px #0004;
        overflow-wrap: anywhere;
      }

      span {
        flex: 1;
      }

      .action {
        text-decoration: underline;
        text-decoration-color: var(--gold);
        text-underline-offset: 3px;
      }

      .hidden {
        position: absolute;
        inline-size: 1px;
        block-size: 1px;
        overflow: hidden;
        clip-path: inset(50%);
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'piano-notice': PianoNotice;
  }
}
