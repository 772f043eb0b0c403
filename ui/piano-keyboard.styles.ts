import { css, type CSSResult } from 'lit';
import { BLACK_LENGTH } from './keyboard-layout.ts';

/** Ivory, ebony and felt; a key glows as its strings sound. */
export const pianoKeyboardStyles: CSSResult = css`
  :host {
    display: block;
    block-size: 170px;
    position: relative;
    background: var(--ebony);
    overflow: hidden;
  }

  .felt {
    block-size: 4px;
    background: linear-gradient(color-mix(in srgb, var(--felt) 60%, black), var(--felt));
  }

  .keys {
    position: absolute;
    inset: 4px 0 0;
    touch-action: none;
    user-select: none;
    -webkit-user-select: none;
  }

  .key {
    --level: 0;
    --velocity: 0;
    position: absolute;
    inset-block: 0;
    box-sizing: border-box;
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: flex-end;
    padding-block-end: 2.36em;
    cursor: pointer;
    font: 0.85em/1 var(--sans);
  }

  .white {
    background: linear-gradient(color-mix(in srgb, var(--ivory) 82%, #7d6c55), var(--ivory) 16%, var(--ivory));
    border-inline-end: 1px solid color-mix(in srgb, var(--ivory) 62%, #4d4338);
    border-radius: 0 0 4px 4px;
    box-shadow: inset 0 -5px 0 -1px color-mix(in srgb, var(--ivory) 86%, #6b5a44);
    color: #7b6e5f;
  }

  .black {
    z-index: 1;
    inset-block-end: ${100 - 100 * BLACK_LENGTH}%;
    background: linear-gradient(100deg, #46403b, var(--ebony) 30%, var(--ebony) 75%, #0c0b0a);
    border-radius: 0 0 3px 3px;
    box-shadow:
      inset 0 -9px 6px -5px #000,
      inset 0 -3px 0 #37312d,
      1px 2px 4px #0007;
    color: #a3988a;
    padding-block-end: 1.27em;
  }

  .key i {
    position: absolute;
    inset: 0;
    border-radius: inherit;
    background: linear-gradient(transparent, var(--glow) 80%);
    opacity: calc(var(--level) * 0.75);
    transition: opacity 70ms linear;
    pointer-events: none;
  }

  /* How strongly it was struck: the nearer to the player, the louder, as a finger would have it. */
  .key em {
    position: absolute;
    inset-inline: 22%;
    inset-block-start: calc(16% + 80% * var(--velocity));
    block-size: 2px;
    border-radius: 1px;
    background: var(--glow);
    opacity: min(1, var(--level) * 3);
    transition: opacity 70ms linear;
    pointer-events: none;
  }

  /* Printed on the key, beside its name for those who hear it. */
  .key [data-print]::after {
    content: attr(data-print);
    position: relative;
    pointer-events: none;
  }

  .key b {
    position: absolute;
    inset-block-end: 0.9em;
    font: 1em/1 var(--serif);
  }

  .white.down {
    background: linear-gradient(color-mix(in srgb, var(--ivory) 66%, #5d4f3d), color-mix(in srgb, var(--ivory) 92%, #7d6c55) 30%);
    box-shadow:
      inset 2px 0 3px -1px #0004,
      inset -2px 0 3px -1px #0004;
  }

  .black.down {
    background: linear-gradient(100deg, #3a3531, #131110 30%);
    box-shadow: inset 0 -4px 3px -3px #000;
  }

  .key:focus-visible {
    outline-offset: -3px;
    z-index: 2;
  }

  @media (hover: none) {
    .key span {
      display: none;
    }
  }
`;
