import { css, type CSSResult } from 'lit';

export const pluginPanelStyles: CSSResult = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--sheet-gap, 14px);
    color: var(--soft);
  }

  ol {
    margin: 0;
    padding: 0;
    list-style: none;
  }

  p {
    margin: 0;
  }

  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 12px;
  }

  .name {
    padding-block: var(--row-padding, 5px);
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font: var(--name-size, 1.23em) / 1.2 var(--serif);
  }

  .on .name {
    color: var(--ink);
  }

  .detail {
    flex: 1 1 auto;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-size: 0.92em;
  }

  .action {
    min-inline-size: 24px;
    min-block-size: 24px;
    padding-block: 4px;
    font-size: 0.92em;
    text-decoration: underline;
    text-decoration-color: var(--line);
    text-underline-offset: 3px;
  }

  .action:hover:enabled,
  .action[aria-pressed='true']:enabled,
  .action[aria-expanded='true'] {
    color: var(--ink);
    text-decoration-color: var(--gold);
  }

  .action:disabled {
    cursor: default;
    text-decoration: none;
    opacity: 0.5;
  }

  .problem {
    padding-inline-start: 10px;
    margin-block-end: 4px;
    border-inline-start: 2px solid var(--felt);
    overflow-wrap: anywhere;
  }

  /* Whatever a plugin draws keeps to its place. */
  .controls {
    contain: layout paint;
    overflow: auto;
    max-block-size: 60vh;
    margin-block: 4px 10px;
    padding: 10px;
    border: 1px solid var(--line);
    border-radius: 3px;
    color: var(--ink);
  }

  form {
    display: flex;
    align-items: end;
    gap: 12px;
  }

  label {
    display: grid;
    flex: 1;
    gap: 2px;
    font-size: 0.92em;
  }

  input {
    min-block-size: 28px;
    min-inline-size: 0;
    box-sizing: border-box;
    padding: 2px 0;
    border: 0;
    border-block-end: 1px solid var(--line);
    background: none;
    color: var(--ink);
    font: 1.17em/1.3 var(--sans);
  }

  input::placeholder {
    color: var(--soft);
    opacity: 1;
  }
`;
