import { LitElement, css, html, nothing, svg, type CSSResult, type SVGTemplateResult, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Point } from './classical-scaling.ts';
import { cssProperties } from './css-properties.ts';
import { customElement } from './custom-element.ts';
import { KNOB, LABEL_TYPE, MapView, type MapLabel } from './map-view.ts';
import { shortNames } from './piano-name.ts';
import type { PlacedStyle, StyleMap, StyleShare } from './style-map.ts';
import { theme } from './theme.ts';

/** The player moved to a place on the map. */
export class PianoMixEvent extends Event {
  static readonly type = 'piano-mix';
  /** Largest share first. */
  readonly shares: readonly StyleShare[];

  constructor(shares: readonly StyleShare[]) {
    super(PianoMixEvent.type, { bubbles: true, composed: true });
    this.shares = shares;
  }
}

/** So near to a piano, in em, a finger means that very piano. */
const SNAP = 0.7;
/** Radius of a piano's dot in em, and what is added where it is heard. */
const DOT = 0.23;
const HEARD = 0.15;
/** Steps of the arrow keys over the longer side of the map. */
const KEY_STEPS = 40;
const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/**
 * The pianos on a map: the more alike they sound to the model, the nearer they
 * lie. A knob moves between them, by finger, mouse or arrow keys.
 *
 * @fires piano-mix with `shares`
 */
@customElement('piano-map')
export class PianoMap extends LitElement {
  @property({ attribute: false }) map: StyleMap | undefined;
  /** What is played. */
  @property({ attribute: false }) shares: readonly StyleShare[] = [];
  @state() private width = 0;
  @state() private height = 0;
  /** Size of the type around the map in CSS pixels. */
  @state() private em = 13;
  /** Id of the piano under the mouse. */
  @state() private pointed: string | undefined;

  #dragging = false;
  readonly #resizes = new ResizeObserver(([entry]) => {
    this.width = entry!.contentRect.width;
    this.height = entry!.contentRect.height;
    this.em = parseFloat(getComputedStyle(this).fontSize);
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizes.disconnect();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { map, width, height, em } = this;
    if (map === undefined || width === 0 || height === 0) return nothing;
    const view = this.#view(map.places);
    const knob = view.toScreen(map.placeOf(this.shares));
    const short = shortNames(map.places.map(({ name }) => name));
    const nameOf = new Map(map.places.map(({ id }, i) => [id, short[i]!]));
    return html`<div
      class="land"
      @pointerdown=${this.#down}
      @pointermove=${this.#move}
      @pointerup=${this.#up}
      @lostpointercapture=${this.#up}
      @pointerleave=${() => (this.pointed = undefined)}
    >
      <svg viewBox="0 0 ${width} ${height}" aria-hidden="true">
        ${map.edges.map(([a, b]) => line(view.toScreen(map.places[a]!), view.toScreen(map.places[b]!), 'way'))}
        ${this.shares.map(({ id, share }) => {
          const place = map.places.find((candidate) => candidate.id === id);
          return place === undefined || this.shares.length < 2 ? nothing : line(knob, view.toScreen(place), 'pull', share);
        })}
        ${map.places.map((place) => {
          const { x, y } = view.toScreen(place);
          const share = this.shares.find(({ id }) => id === place.id)?.share ?? 0;
          return svg`<circle class="piano" cx=${x} cy=${y} r=${(DOT + HEARD * share) * em}></circle>
            <circle class="reach" cx=${x} cy=${y} r=${SNAP * em}><title>${place.name}</title></circle>`;
        })}
        ${this.#labels(view, short, knob).map(
          ({ text, x, y, anchor, place }) =>
            svg`<text class=${this.#isMeant(map.places[place]!.id) ? 'meant' : ''} x=${x} y=${y} text-anchor=${anchor}>${text}</text>`,
        )}
      </svg>
      <div
        class="knob"
        role="slider"
        tabindex="0"
        aria-label="Place between the pianos; arrow keys move it"
        aria-valuemin="0"
        aria-valuemax="100"
        aria-valuenow=${Math.round(100 * (this.shares[0]?.share ?? 0))}
        aria-valuetext=${this.shares.map(({ id, share }) => `${nameOf.get(id) ?? ''} ${Math.round(100 * share)} %`).join(', ')}
        ${cssProperties({ translate: `${knob.x.toFixed(1)}px ${knob.y.toFixed(1)}px` })}
        @keydown=${this.#type}
      ></div>
    </div>`;
  }

  /** The names of the pianos that are heard or pointed at, clear of the knob, and as many others as there is room for. */
  #labels(view: MapView, names: readonly string[], knob: Point): MapLabel[] {
    const places = this.map!.places;
    const free = view.labels(names).filter((label) => !view.isUnder(label, knob));
    const isMeant = ({ place }: MapLabel): boolean => this.#isMeant(places[place]!.id);
    const meant = free.filter(isMeant);
    for (const [place, { id }] of places.entries()) {
      if (this.#isMeant(id) && !meant.some((label) => label.place === place)) meant.push(view.labelOf(place, names[place]!, meant, knob));
    }
    return [...free.filter((label) => !isMeant(label) && !meant.some((other) => view.meet(label, other))), ...meant];
  }

  #isMeant(id: string): boolean {
    return id === this.pointed || this.shares.some((part) => part.id === id);
  }

  readonly #down = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    event.preventDefault();
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    this.#dragging = true;
    this.#goTo(event);
  };

  readonly #move = (event: PointerEvent): void => {
    if (this.#dragging) this.#goTo(event);
    this.pointed = this.#nearest(event)?.id;
  };

  readonly #up = (): void => {
    this.#dragging = false;
  };

  #goTo(event: PointerEvent): void {
    const { map } = this;
    if (map === undefined) return;
    const near = this.#nearest(event);
    const place = (): Point => this.#view(map.places).toMap(pointerOf(event));
    this.#mix(near === undefined ? map.sharesAt(place()) : [{ id: near.id, share: 1 }]);
  }

  /** The piano under the pointer, if there is one. */
  #nearest(event: PointerEvent): PlacedStyle | undefined {
    const { places } = this.map!;
    const view = this.#view(places);
    const pointer = pointerOf(event);
    const away = (place: PlacedStyle): number => {
      const { x, y } = view.toScreen(place);
      return Math.hypot(x - pointer.x, y - pointer.y);
    };
    const nearest = places.reduce((least, place) => (away(place) < away(least) ? place : least));
    return away(nearest) < SNAP * this.em ? nearest : undefined;
  }

  #view(places: readonly PlacedStyle[]): MapView {
    return new MapView(places, this.width, this.height, this.em);
  }

  readonly #type = (event: KeyboardEvent): void => {
    const arrow = ARROWS[event.key];
    const { map } = this;
    if (arrow === undefined || map === undefined) return;
    event.preventDefault();
    const view = this.#view(map.places);
    const { x, y } = view.toScreen(map.placeOf(this.shares));
    const step = Math.max(this.width, this.height) / KEY_STEPS;
    this.#mix(map.sharesAt(view.toMap({ x: x + arrow[0] * step, y: y + arrow[1] * step })));
  };

  #mix(shares: readonly StyleShare[]): void {
    this.dispatchEvent(new PianoMixEvent(shares));
  }

  static override readonly styles: CSSResult[] = [
    theme,
    css`
      :host {
        display: block;
        position: relative;
        min-block-size: 0;
      }

      .land {
        position: absolute;
        inset: 0;
        cursor: crosshair;
        touch-action: none;
        user-select: none;
        -webkit-user-select: none;
      }

      svg {
        position: absolute;
        inset: 0;
        inline-size: 100%;
        block-size: 100%;
        overflow: visible;
      }

      .way {
        stroke: var(--line);
      }

      .pull {
        stroke: var(--glow);
      }

      .piano {
        fill: var(--soft);
      }

      .reach {
        fill: transparent;
      }

      text {
        fill: var(--soft);
        font: ${LABEL_TYPE}em var(--sans);
        paint-order: stroke;
        stroke: var(--paper);
        stroke-width: 0.27em;
        stroke-linejoin: round;
      }

      text.meant {
        fill: var(--ink);
        stroke-width: 0.45em;
      }

      .knob {
        position: absolute;
        inset: ${-KNOB}em auto auto ${-KNOB}em;
        inline-size: ${2 * KNOB}em;
        block-size: ${2 * KNOB}em;
        border-radius: 50%;
        background: radial-gradient(circle at 35% 30%, #f7e6b8, var(--gold) 55%, #8a6428);
        box-shadow: 0 1px 3px #0006;
        cursor: grab;
      }
    `,
  ];
}

/** Where the pointer is on the map, in CSS pixels. */
function pointerOf(event: PointerEvent): Point {
  const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}

/** @param share how strongly it is drawn, 0..1 */
function line(a: Point, b: Point, name: string, share = 1): SVGTemplateResult {
  return svg`<line class=${name} x1=${a.x} y1=${a.y} x2=${b.x} y2=${b.y} stroke-opacity=${share.toFixed(2)}></line>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'piano-map': PianoMap;
  }
}
