import { css, type CSSResult } from 'lit';

/** A slider with the class `brass`: a wire, and a knob of brass on it. */
export const brassSlider: CSSResult = css`
  .brass {
    appearance: none;
    inline-size: 100%;
    block-size: 2.15em;
    margin: 0;
    font: inherit;
    background: linear-gradient(var(--line), var(--line)) center / 100% 1px no-repeat;
    cursor: pointer;
    touch-action: none;
  }

  .brass::-webkit-slider-thumb {
    appearance: none;
    inline-size: 1.385em;
    block-size: 1.385em;
    border-radius: 50%;
    border: 0;
    background: radial-gradient(circle at 35% 30%, #f7e6b8, var(--gold) 55%, #8a6428);
    box-shadow: 0 1px 3px #0006;
  }

  .brass::-moz-range-thumb {
    inline-size: 1.385em;
    block-size: 1.385em;
    border-radius: 50%;
    border: 0;
    background: radial-gradient(circle at 35% 30%, #f7e6b8, var(--gold) 55%, #8a6428);
    box-shadow: 0 1px 3px #0006;
  }
`;
