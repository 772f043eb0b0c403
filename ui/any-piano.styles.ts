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
    grid-template: auto minmax(0, 1fr) auto auto auto / minmax(0, 1fr);
    block-size: 100%;
    position: relative;
  }

  header {
    display: flex;
    align-items: center;
    gap: 4px clamp(14px, 2cqi, 28px);
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

  /* Bars fall through the strings; a sheet on the desk stays in front of them. */
  piano-roll {
    position: absolute;
    inset: 0;
  }

  .open piano-strings {
    opacity: 0.45;
  }

  piano-strings {
    transition: opacity 400ms;
  }

  piano-desk {
    position: relative;
    justify-self: end;
    align-self: start;
    max-block-size: 100%;
    box-sizing: border-box;
    inline-size: min(600px, 47cqi);
    padding: 0 24px 12px 14px;
    background: var(--paper);
    box-shadow: -6px 6px 14px 6px var(--paper);
  }

  piano-fallboard {
    position: relative;
    z-index: 1;
  }

  .sheet {
    display: grid;
    gap: var(--sheet-gap, 14px);
  }

  .touch {
    grid-template-columns: repeat(auto-fit, minmax(200px, 1fr));
  }

  .start {
    position: absolute;
    inset-inline-start: 25%;
    inset-block-end: 14%;
    translate: -50% 0;
    z-index: 2;
    inline-size: 5.8em;
    block-size: 5.8em;
    border-radius: 50%;
    background: var(--case);
    color: var(--gold);
    font: 1.54em/1 var(--serif);
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

  piano-notice {
    position: absolute;
    inset-block-end: 14px;
    inset-inline: 24px;
    z-index: 3;
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
    font: 2em/1.3 var(--serif);
    pointer-events: none;
  }

  /* Portrait: the desk stands above the strings. */
  @container instrument (max-width: 760px) {
    .instrument {
      --piano-grid: none / auto-flow max-content;
      --chooser-grid: auto / minmax(0, 1fr);
      --map-height: 150px;
      --sheet-gap: 8px;
      --gauge-length: 30px;
      --status-order: 1;
      --midi-flex: 1 1 34%;
    }

    header {
      flex-wrap: wrap;
      gap: 4px 16px;
      padding: 10px 16px 4px;
    }

    .inside {
      grid-template-rows: auto minmax(60px, 1fr);
    }

    piano-strings,
    piano-roll {
      position: static;
      grid-area: 2 / 1;
    }

    piano-desk {
      inline-size: 100%;
      padding: 0 16px 10px;
      box-shadow: none;
    }

    .start {
      inset-inline-start: 50%;
      inset-block-end: 7px;
      inline-size: 88px;
      block-size: 88px;
    }

    piano-foot {
      padding-inline: 16px;
    }

    piano-keyboard {
      block-size: clamp(120px, 26cqb, 210px);
    }
  }

  /* A small laptop: the desk stays clear of the strings. */
  @container instrument (max-height: 800px) and (min-width: 761px) {
    .instrument {
      --row-padding: 1px;
      --name-size: 1.15em;
      --map-height: 200px;
      --chooser-gap: 4px 16px;
      --sheet-gap: 6px;
      --tab-gap: 4px;
      --curve-size: 108px;
    }

    header {
      padding-block: 8px 4px;
    }

    piano-keyboard {
      block-size: clamp(96px, 21cqb, 190px);
    }
  }

  /* A tablet: the map below the names. */
  @container instrument (min-width: 761px) and (max-width: 1080px) and (min-height: 801px) {
    .instrument {
      --chooser-grid: auto / minmax(0, 1fr);
      --map-height: 220px;
    }
  }

  /* A wide display, seen from further away. */
  @container instrument (min-width: 1800px) and (min-height: 1000px) {
    .instrument {
      --row-padding: 0.4em;
      --name-size: 1.4em;
      --map-height: 27em;
      --sheet-gap: 1.3em;
      --tone-gap: 0.5em;
      --tab-gap: 0.9em;
      --curve-size: 12.7em;
      --gauge-length: 6em;
      --pedal-size: 5.6em;
      --fallboard-height: 3.75em;
      font-size: clamp(1.15em, min(0.75cqi, 1.35cqb), 2.3em);
    }

    header {
      padding: 1.3em 2.1em 0.8em;
    }

    piano-desk {
      inline-size: 38cqi;
      padding-inline-end: 2.1em;
    }

    piano-keyboard {
      block-size: clamp(190px, 19cqb, 420px);
    }

    .start {
      font-size: 1.67em;
    }
  }

  /* A phone on its side: keys first, and the pedals at the foot of the strings. */
  @container instrument (max-height: 480px) {
    .instrument {
      --piano-grid: none / auto-flow max-content;
      --chooser-grid: auto / minmax(0, 1fr);
      --map-height: 104px;
      --chooser-gap: 0;
      --tab-gap: 3px;
      --fallboard-height: 36px;
      --gauge-length: 40px;
      --keys: 36cqb;
    }

    header {
      padding-block: 4px 0;
    }

    piano-desk {
      block-size: 100%;
      inline-size: 58cqi;
      /* Clear of the line on which one seeks. */
      padding-block-end: 14px;
    }

    piano-keyboard {
      block-size: var(--keys);
    }

    /* Beside the pedals. */
    piano-notice {
      inset-inline: 43cqi 8px;
      inset-block-end: 8px;
    }

    .start {
      inset-inline-start: 21%;
      inset-block-end: 62px;
      inline-size: 76px;
      block-size: 76px;
    }

    piano-foot {
      --foot-octave: none;
      --pedal-padding: 6px;
      position: absolute;
      inset-block-end: calc(var(--keys) + 36px);
      inset-inline-start: 0;
      inline-size: 42cqi;
      box-sizing: border-box;
      gap: 8px;
      padding: 14px 8px 4px;
      background: linear-gradient(transparent, var(--paper) 22px);
    }
  }
`;
