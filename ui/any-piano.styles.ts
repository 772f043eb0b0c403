import { css, type CSSResult } from 'lit';

/** Layout of the instrument: strings above, the names of the pianos in their bend, keys below. */
export const anyPianoStyles: CSSResult = css`
  :host {
    display: block;
    block-size: 40rem;
    min-block-size: 18rem;
    container: instrument / size;
    color-scheme: light dark;
    color: var(--ink);
    background: var(--paper);
    font: 13px/1.35 var(--sans);
    -webkit-tap-highlight-color: transparent;
  }

  :host([hidden]) {
    display: none;
  }

  .instrument {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr) auto auto auto;
    block-size: 100%;
    position: relative;
  }

  header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 28px;
    padding: 14px 24px 10px;
    color: var(--soft);
  }

  slot[name='title'] {
    display: block;
    margin-inline-end: auto;
    color: var(--ink);
  }

  .inside {
    position: relative;
    display: grid;
    min-block-size: 0;
  }

  piano-strings {
    position: absolute;
    inset: 0;
  }

  .desk {
    position: relative;
    display: grid;
    align-content: start;
    gap: 20px;
    justify-self: end;
    box-sizing: border-box;
    inline-size: min(560px, 46cqi);
    padding: 8px 24px 12px 0;
  }

  .start {
    position: absolute;
    inset-inline-start: 25%;
    inset-block-end: 14%;
    translate: -50% 0;
    z-index: 2;
    inline-size: 116px;
    block-size: 116px;
    border-radius: 50%;
    background: var(--case);
    color: var(--gold);
    font: 20px/1 var(--serif);
    letter-spacing: 0.02em;
    box-shadow:
      0 0 0 1px var(--gold),
      0 14px 40px #0005;
    transition:
      opacity 400ms,
      visibility 400ms,
      scale 200ms;
  }

  .start:hover:enabled {
    scale: 1.04;
  }

  .start:disabled {
    cursor: default;
  }

  .start.done {
    opacity: 0;
    visibility: hidden;
  }

  .message {
    position: absolute;
    inset-block-end: 14px;
    inset-inline: 24px;
    z-index: 3;
    display: flex;
    gap: 16px;
    justify-content: space-between;
    max-inline-size: 640px;
    margin-inline: auto;
    padding: 12px 16px;
    border-radius: 3px;
    color: var(--ink);
    background: var(--paper);
    border-inline-start: 3px solid var(--felt);
    box-shadow: 0 8px 30px #0004;
    overflow-wrap: anywhere;
  }

  piano-keyboard {
    block-size: clamp(96px, 24cqb, 190px);
  }

  .drop {
    position: absolute;
    inset: 10px;
    z-index: 4;
    display: grid;
    place-content: center;
    border: 1px dashed var(--gold);
    border-radius: 4px;
    background: color-mix(in srgb, var(--paper) 88%, transparent);
    font: 26px/1.3 var(--serif);
    pointer-events: none;
  }

  .hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }

  /* Portrait: the desk stands above the strings. */
  @container instrument (max-width: 760px) {
    .instrument {
      --piano-grid: none / auto-flow max-content;
      --gauge-length: 36px;
      --midi-order: 1;
      --midi-width: 100%;
    }

    header {
      gap: 4px 18px;
      padding: 12px 16px 6px;
    }

    .inside {
      grid-template-rows: auto minmax(60px, 1fr);
    }

    piano-strings {
      position: static;
      grid-row: 2;
    }

    .desk {
      inline-size: 100%;
      gap: 14px;
      padding: 6px 16px 14px;
    }

    .start {
      inset-inline-start: 50%;
      inset-block-end: 18px;
    }

    .fallboard,
    piano-foot {
      padding-inline: 16px;
    }

    .name {
      grid-column: 1;
    }

    .name span:not(.nearer),
    .name span::before {
      display: none !important;
    }

    .fallboard {
      grid-template-columns: 1fr 0 auto;
    }

    piano-keyboard {
      block-size: clamp(120px, 26cqb, 210px);
    }
  }

  /* A small laptop: the desk stays clear of the strings. */
  @container instrument (max-height: 800px) and (min-width: 761px) {
    .instrument {
      --row-padding: 2px;
      --name-size: 15.5px;
      --chooser-gap: 4px;
    }

    .desk {
      gap: 7px;
      inline-size: min(520px, 42cqi);
      padding-block-start: 0;
    }
  }

  /* A phone on its side: keys first. */
  @container instrument (max-height: 480px) {
    .instrument {
      --piano-grid: none / auto-flow max-content;
      --fallboard-height: 36px;
      --stage: none;
    }

    header {
      padding-block: 6px 2px;
    }

    .desk {
      gap: 6px;
      padding-block: 0 4px;
    }

    piano-credits,
    piece-list,
    file-picker {
      display: none;
    }

    piano-keyboard {
      block-size: 42cqb;
    }

    .start {
      inline-size: 84px;
      block-size: 84px;
      inset-block-end: 4px;
    }

    piano-foot {
      --foot-sides: none;
      position: absolute;
      inset-block-end: calc(42cqb + 36px);
      inset-inline-start: 0;
      padding: 0 8px;
    }
  }
`;
