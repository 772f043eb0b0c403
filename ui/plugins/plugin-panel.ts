import { LitElement, html, nothing, type CSSResult, type TemplateResult } from 'lit';
import { property, query } from 'lit/decorators.js';
import { customElement } from '../custom-element.ts';
import { theme } from '../theme.ts';
import { pluginPanelStyles } from './plugin-panel.styles.ts';
import type { Plugin } from './plugin.ts';

/** What the player wants of the plugins. */
export type PluginWish =
  | { readonly type: 'add'; readonly url: string }
  | { readonly type: 'move'; readonly id: string; readonly places: number }
  | { readonly type: 'bypass'; readonly id: string; readonly bypassed: boolean }
  | { readonly type: 'edit' | 'remove'; readonly id: string };

export class PluginEvent extends Event {
  static readonly type = 'plugin';
  readonly wish: PluginWish;

  constructor(wish: PluginWish) {
    super(PluginEvent.type, { bubbles: true, composed: true });
    this.wish = wish;
  }
}

/**
 * Effects behind the piano, in the order in which they are heard, and a line for the address of another one.
 *
 * @slot what the page has to say about plugins
 * @fires plugin with `wish`
 */
@customElement('plugin-panel')
export class PluginPanel extends LitElement {
  @property({ attribute: false }) plugins: readonly Plugin[] = [];
  /** Controls of a plugin that are open. */
  @property({ attribute: false }) opened: { readonly id: string; readonly element: Element } | undefined;

  @query('input') private input!: HTMLInputElement;

  protected override render(): TemplateResult {
    const { length } = this.plugins;
    return html`${length === 0
        ? html`<p>Effects of other makers, behind the piano: Web Audio Modules 2.0, by their address.</p>`
        : html`<ol>
            ${this.plugins.map((plugin, place) => this.#renderPlugin(plugin, place, length))}
          </ol>`}
      <form @submit=${this.#onSubmit}>
        <label>
          <span>Address of a plugin</span>
          <input type="url" required placeholder="https://" spellcheck="false" autocomplete="off" />
        </label>
        <button class="action">Load</button>
      </form>
      <p>A plugin runs as a part of this page: load what you trust. <slot></slot></p>`;
  }

  #renderPlugin(plugin: Plugin, place: number, count: number): TemplateResult {
    const { id, name, vendor, status, problem, bypassed, kind } = plugin;
    const detail = status === 'loading' ? 'loading …' : kind === 'decoder' ? 'in place of the piano’s decoder' : vendor;
    const on = status === 'on';
    const open = this.opened?.id === id;
    return html`<li class=${on && !bypassed ? 'on' : ''}>
      <div class="row">
        <span class="name">${name}</span>
        <span class="detail">${status === 'muted' ? 'muted' : detail}</span>
        ${this.#button(`Move ${name} up`, '↑', { type: 'move', id, places: -1 }, place > 0)}
        ${this.#button(`Move ${name} down`, '↓', { type: 'move', id, places: 1 }, place < count - 1)}
        <button
          class="action"
          aria-label=${`Bypass ${name}`}
          aria-pressed=${bypassed}
          ?disabled=${!on}
          @click=${() => this.#wish({ type: 'bypass', id, bypassed: !bypassed })}
        >
          Bypass
        </button>
        <button
          class="action"
          aria-label=${`Edit ${name}`}
          aria-expanded=${open}
          ?disabled=${!on || kind === 'decoder'}
          @click=${() => this.#wish({ type: 'edit', id })}
        >
          Edit
        </button>
        ${this.#button(`Remove ${name}`, '✕', { type: 'remove', id }, true)}
      </div>
      ${problem === '' ? nothing : html`<p class="problem">${problem}</p>`}
      ${open ? html`<div class="controls" role="group" aria-label=${`Controls of ${name}`} tabindex="0">${this.opened?.element}</div>` : nothing}
    </li>`;
  }

  #button(label: string, text: string, wish: PluginWish, enabled: boolean): TemplateResult {
    return html`<button class="action" aria-label=${label} ?disabled=${!enabled} @click=${() => this.#wish(wish)}>${text}</button>`;
  }

  readonly #onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    const url = this.input.value.trim();
    this.input.value = '';
    this.#wish({ type: 'add', url });
  };

  #wish(wish: PluginWish): void {
    this.dispatchEvent(new PluginEvent(wish));
  }

  static override readonly styles: CSSResult[] = [theme, pluginPanelStyles];
}

declare global {
  interface HTMLElementTagNameMap {
    'plugin-panel': PluginPanel;
  }
}
