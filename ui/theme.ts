/** Colours and type of the instrument: paper, lacquer, brass, felt, wood and wire. */
import { css, type CSSResult } from 'lit';

/**
 * Every token can be set from outside under its own name with the prefix
 * `--any-piano-`, for instance `--any-piano-glow`. Dark or light follows
 * `color-scheme`, which the page can also set on the element itself.
 */
export const theme: CSSResult = css`
  :host {
    --paper: var(--any-piano-paper, light-dark(#f7f3ea, #131110));
    --ink: var(--any-piano-ink, light-dark(#2a2420, #ece4d6));
    --soft: var(--any-piano-soft, light-dark(#6d6259, #a3988a));
    --line: var(--any-piano-line, light-dark(#dcd2c1, #36302a));
    --glow: var(--any-piano-glow, light-dark(#b3641a, #f2b45c));
    --case: var(--any-piano-case, light-dark(#2b211b, #0b0a09));
    --board: var(--any-piano-board, light-dark(#f0e2c6, #1d1813));
    --gold: var(--any-piano-gold, #d3b06c);
    --felt: var(--any-piano-felt, #8c2323);
    --ivory: var(--any-piano-ivory, light-dark(#fffdf7, #efe8da));
    --ebony: var(--any-piano-ebony, #1b1816);
    --steel: var(--any-piano-steel, light-dark(#a99e8d, #6d6559));
    --copper: var(--any-piano-copper, light-dark(#b98a5c, #8a6240));
    --serif: var(--any-piano-serif, 'Iowan Old Style', 'Palatino Linotype', Palatino, 'URW Palladio L', 'Book Antiqua', Georgia, 'Liberation Serif', serif);
    --sans: var(--any-piano-sans, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Liberation Sans', Arial, sans-serif);
  }

  :focus-visible {
    outline: 2px solid var(--glow);
    outline-offset: 2px;
  }

  [hidden] {
    display: none !important;
  }

  button,
  select {
    font: inherit;
    color: inherit;
    background: none;
    border: 0;
    padding: 0;
    cursor: pointer;
  }

  @media (prefers-reduced-motion: reduce) {
    * {
      transition: none !important;
      animation: none !important;
    }
  }
`;
