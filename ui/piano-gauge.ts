import { LitElement, css, html, type CSSResult, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { cssProperties } from './css-properties.ts';
import { customElement } from './custom-element.ts';
import { theme } from './theme.ts';

/** A thin bar with a word before it and a reading behind it. */
@customElement('piano-gauge')
export class PianoGauge extends LitElement {
  @property() label = '';
  /** 0..1. */
  @property({ type: Number }) value = 0;
  /** The reading in words; the bar alone where it is empty. */
  @property() reading = '';
  /** Draws attention: the value is too high. */
  @property({ type: Boolean, reflect: true }) high = false;

  protected override render(): TemplateResult {
    const share = Math.min(1, Math.max(0, this.value));
    return html`
      <span aria-hidden="true">${this.label}</span>
      <div
        role="meter"
        aria-label=${this.label}
        aria-valuemin="0"
        aria-valuemax="100"
        aria-valuenow=${Math.round(100 * share)}
        aria-valuetext=${this.reading || `${Math.round(100 * share)} %`}
      >
        <i ${cssProperties({ transform: `scaleX(${share.toFixed(3)})` })}></i>
      </div>
      <output aria-hidden="true">${this.reading}</output>
    `;
  }

  static override readonly styles: CSSResult[] = [
    theme,
    css`
      :host {
        display: flex;
        flex: none;
        align-items: center;
        gap: 0.55em;
        color: var(--soft);
        white-space: nowrap;
      }

      div {
        inline-size: var(--gauge-length, 64px);
        block-size: 3px;
        border-radius: 2px;
        background: var(--line);
        overflow: hidden;
      }

      i {
        display: block;
        block-size: 100%;
        background: var(--ink);
        transform-origin: left;
        transition: transform 80ms linear;
      }

      :host([high]) i {
        background: var(--glow);
      }

      output {
        min-inline-size: 3.2em;
        font-variant-numeric: tabular-nums;
      }

      output:empty {
        display: none;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'piano-gauge': PianoGauge;
  }
}
