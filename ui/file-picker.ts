import { LitElement, css, html, type CSSResult, type TemplateResult } from 'lit';
import { query } from 'lit/decorators.js';
import { customElement } from './custom-element.ts';
import { theme } from './theme.ts';

/** The player picked a file. */
export class FilePickEvent extends Event {
  static readonly type = 'file-pick';
  readonly file: File;

  constructor(file: File) {
    super(FilePickEvent.type, { bubbles: true, composed: true });
    this.file = file;
  }
}

/**
 * Opens a file of the player's own: a MIDI file, a recording or a style.
 *
 * @fires file-pick with `file`
 */
@customElement('file-picker')
export class FilePicker extends LitElement {
  @query('input') private input!: HTMLInputElement;

  protected override render(): TemplateResult {
    return html`<button @click=${() => this.input.click()}>Open a MIDI file, a recording or a piano</button> or drop one here
      <input hidden type="file" accept=".mid,.midi,.json,audio/*" @change=${this.#onChange} />`;
  }

  readonly #onChange = (): void => {
    const file = this.input.files?.[0];
    // So that choosing the same file again is a change.
    this.input.value = '';
    if (file !== undefined) this.dispatchEvent(new FilePickEvent(file));
  };

  static override readonly styles: CSSResult[] = [
    theme,
    css`
      :host {
        display: block;
        margin-block-start: 2px;
        padding-inline-start: calc(0.7em + 10px);
        color: var(--soft);
      }

      button {
        color: var(--soft);
        text-decoration: underline;
        text-decoration-color: var(--line);
        text-underline-offset: 3px;
      }

      button:hover {
        color: var(--ink);
        text-decoration-color: var(--gold);
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'file-picker': FilePicker;
  }
}
