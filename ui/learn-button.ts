import { LitElement, css, html, nothing, type CSSResult, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { customElement } from './custom-element.ts';
import type { Turnable } from './sound-settings.ts';
import { theme } from './theme.ts';

/** The player wants a controller to turn a setting, or no longer. */
export class LearnEvent extends Event {
  static readonly type = 'learn';
  readonly setting: Turnable;
  /** Whether the setting is to forget its controller. */
  readonly forget: boolean;

  constructor(setting: Turnable, forget: boolean) {
    super(LearnEvent.type, { bubbles: true, composed: true });
    this.setting = setting;
    this.forget = forget;
  }
}

/**
 * Beside a slider: which controller of the MIDI keyboard turns it, and the way to choose one.
 *
 * @fires learn with `setting` and `forget`
 */
@customElement('learn-button')
export class LearnButton extends LitElement {
  @property() setting: Turnable = 'brightness';
  /** Of the setting, for people. */
  @property() name = '';
  /** The controller that turns it. */
  @property({ type: Number }) controller: number | undefined;
  /** Whether it waits for one. */
  @property({ type: Boolean }) waiting = false;
  /** Whether there is a keyboard that could have one. */
  @property({ type: Boolean }) offered = false;

  protected override render(): TemplateResult | typeof nothing {
    const { controller, name } = this;
    if (this.waiting) return html`<button class="waiting" aria-label=${`${name}: move a controller, or stop learning`} @click=${() => this.#ask(false)}>Move it…</button>`;
    if (controller !== undefined) {
      return html`<button aria-label=${`Forget controller ${controller} for ${name}`} title="Forget this controller" @click=${() => this.#ask(true)}>CC ${controller} ✕</button>`;
    }
    if (!this.offered) return nothing;
    return html`<button aria-label=${`Learn a controller for ${name}`} title="Turn it by a controller of the MIDI keyboard" @click=${() => this.#ask(false)}>Learn</button>`;
  }

  #ask(forget: boolean): void {
    this.dispatchEvent(new LearnEvent(this.setting, forget));
  }

  static override readonly styles: CSSResult[] = [
    theme,
    css`
      button {
        min-block-size: 24px;
        font-size: 0.92em;
        white-space: nowrap;
        color: var(--soft);
        text-decoration: underline;
        text-decoration-color: var(--line);
        text-underline-offset: 3px;
      }

      button:hover {
        color: var(--ink);
        text-decoration-color: var(--gold);
      }

      .waiting {
        color: var(--ink);
        text-decoration-color: var(--glow);
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'learn-button': LearnButton;
  }
}
