import { css, type CSSResult } from 'lit';

export const guiStyles: CSSResult = css`
  :host {
    display: block;
    inline-size: min(720px, 100%);
    min-inline-size: 280px;
    color-scheme: light dark;
    color: var(--soft);
    background: var(--paper);
    font: 13px/1.35 var(--sans);
  }

  section {
    display: grid;
    gap: 12px;
    padding: 14px;
  }

  .pianos,
  .sliders {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(150px, 1fr));
    gap: 6px 20px;
  }

  label {
    display: grid;
    align-content: start;
  }

  label span {
    font-size: 12px;
  }

  select {
    min-block-size: 28px;
    min-inline-size: 0;
    font: 17px/1.2 var(--serif);
    color: var(--ink);
    border-block-end: 1px solid var(--line);
  }

  option {
    color: #2a2420;
    background: #fff;
  }

  piano-keyboard {
    block-size: 96px;
  }

  .pedals {
    display: flex;
    justify-content: center;
  }
`;
