/** Where the places of a map lie on the screen, in CSS pixels, and their names beside them. */
import type { Point } from './classical-scaling.ts';

/** A name beside its point. */
export interface MapLabel extends Point {
  /** Which of the places it names. */
  readonly place: number;
  readonly text: string;
  readonly anchor: 'start' | 'end' | 'middle';
}

/** All in em. Beside the outermost points, and above and below them, where a name needs room. */
const MARGIN = 1.25;
const MARGIN_BLOCK = 1.8;
/** Size of a label's type, its height, and the usual width of one of its letters. */
export const LABEL_TYPE = 0.85;
const LINE = 1;
const LETTER = 0.46;
const DESCENT = 0.23;
/** From a point to its label, and to its own edge. */
const GAP = 0.8;
const POINT = 0.4;
/** Radius of the knob. */
export const KNOB = 0.69;

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** One scale for both axes, so that distances stay what they are. */
export class MapView {
  readonly #points: readonly Point[];
  readonly #width: number;
  readonly #height: number;
  readonly #em: number;
  readonly #scale: number;
  readonly #centre: Point;

  /** @param em size of the type around the map; labels are somewhat smaller */
  constructor(places: readonly Point[], width: number, height: number, em: number) {
    const [xs, ys] = [places.map(({ x }) => x), places.map(({ y }) => y)];
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const fits = (room: number, size: number): number => (size > 0 ? room / size : Infinity);
    const scale = Math.min(fits(width - 2 * MARGIN * em, right - left), fits(height - 2 * MARGIN_BLOCK * em, bottom - top));
    this.#scale = Number.isFinite(scale) && scale > 0 ? scale : 1;
    this.#centre = { x: (left + right) / 2, y: (top + bottom) / 2 };
    this.#width = width;
    this.#height = height;
    this.#em = em;
    this.#points = places.map((place) => this.toScreen(place));
  }

  toScreen({ x, y }: Point): Point {
    return { x: this.#width / 2 + (x - this.#centre.x) * this.#scale, y: this.#height / 2 + (y - this.#centre.y) * this.#scale };
  }

  toMap({ x, y }: Point): Point {
    return { x: (x - this.#width / 2) / this.#scale + this.#centre.x, y: (y - this.#height / 2) / this.#scale + this.#centre.y };
  }

  /**
   * The names for which there is room beside their points: they cover neither each other nor a point. The one with
   * the least choice comes first.
   */
  labels(names: readonly string[]): MapLabel[] {
    const taken = this.#points.map((point) => this.#around(point, POINT));
    const isFree = (box: Box): boolean => this.#isInside(box) && !taken.some((other) => overlap(box, other));
    let open = names.map((text, place) => this.#candidates(place, text));
    const labels: MapLabel[] = [];
    for (;;) {
      open = open.map((places) => places.filter((label) => isFree(this.#boxOf(label)))).filter((places) => places.length > 0);
      if (open.length === 0) return labels;
      const next = open.reduce((least, places) => (places.length < least.length ? places : least));
      labels.push(next[0]!);
      taken.push(this.#boxOf(next[0]!));
      open = open.filter((places) => places !== next);
    }
  }

  /** The name of one point inside the map, where it covers least of `others`, of points and of the knob: for one that has to be read in any case. */
  labelOf(place: number, text: string, others: readonly MapLabel[], knob: Point): MapLabel {
    const boxes = [...others.map((label) => this.#boxOf(label)), ...this.#points.map((point) => this.#around(point, POINT)), this.#around(knob, KNOB)];
    const covered = (label: MapLabel): number => boxes.reduce((area, box) => area + commonArea(this.#boxOf(label), box), 0);
    return this.#candidates(place, text).map((label) => this.#pushedInside(label)).reduce((least, label) => (covered(label) < covered(least) ? label : least));
  }

  /** Whether the knob covers a part of a label. */
  isUnder(label: MapLabel, knob: Point): boolean {
    return overlap(this.#boxOf(label), this.#around(knob, KNOB));
  }

  /** Whether two labels cover each other. */
  meet(a: MapLabel, b: MapLabel): boolean {
    return overlap(this.#boxOf(a), this.#boxOf(b));
  }

  /** @param reach in em */
  #around({ x, y }: Point, reach: number): Box {
    const far = reach * this.#em;
    return { left: x - far, right: x + far, top: y - far, bottom: y + far };
  }

  #pushedInside(label: MapLabel): MapLabel {
    const { left, right, top, bottom } = this.#boxOf(label);
    const push = (from: number, to: number, size: number): number => (from < 0 ? -from : Math.min(0, size - to));
    return { ...label, x: label.x + push(left, right, this.#width), y: label.y + push(top, bottom, this.#height) };
  }

  #isInside({ left, right, top, bottom }: Box): boolean {
    return left >= 0 && right <= this.#width && top >= 0 && bottom <= this.#height;
  }

  /** Beside the point, above and below it, and then across its corners. */
  #candidates(place: number, text: string): MapLabel[] {
    const { x, y } = this.#points[place]!;
    const at = (dx: number, dy: number, anchor: MapLabel['anchor']): MapLabel => ({ place, text, x: x + dx * this.#em, y: y + dy * this.#em, anchor });
    const near = GAP - 0.15;
    return [
      at(GAP, 0.3, 'start'),
      at(-GAP, 0.3, 'end'),
      at(0, -GAP, 'middle'),
      at(0, GAP + 0.6, 'middle'),
      at(near, -near, 'start'),
      at(-near, -near, 'end'),
      at(near, near + 0.6, 'start'),
      at(-near, near + 0.6, 'end'),
    ];
  }

  #boxOf({ text, x, y, anchor }: MapLabel): Box {
    const width = LETTER * this.#em * text.length;
    const left = { start: x, end: x - width, middle: x - width / 2 }[anchor];
    return { left, right: left + width, top: y - (LINE - DESCENT) * this.#em, bottom: y + DESCENT * this.#em };
  }
}

function overlap(a: Box, b: Box): boolean {
  return commonArea(a, b) > 0;
}

function commonArea(a: Box, b: Box): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return Math.max(0, width) * Math.max(0, height);
}
