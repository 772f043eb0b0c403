/** Where the places of a map lie on the screen, in CSS pixels, and their names beside them. */
import type { Point } from './classical-scaling.ts';

/** A name beside its point. */
export interface MapLabel extends Point {
  /** Which of the places it names. */
  readonly place: number;
  readonly text: string;
  readonly anchor: 'start' | 'end' | 'middle';
}

/** Beside the outermost points, and above and below them, where a name needs room. */
const MARGIN = 16;
const MARGIN_BLOCK = 23;
/** Height of a label, and the usual width of one of its letters. */
const LINE = 13;
const LETTER = 6;
const GAP = 9;

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
  readonly #scale: number;
  readonly #centre: Point;

  constructor(places: readonly Point[], width: number, height: number) {
    const [xs, ys] = [places.map(({ x }) => x), places.map(({ y }) => y)];
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const fits = (room: number, size: number): number => (size > 0 ? room / size : Infinity);
    const scale = Math.min(fits(width - 2 * MARGIN, right - left), fits(height - 2 * MARGIN_BLOCK, bottom - top));
    this.#scale = Number.isFinite(scale) && scale > 0 ? scale : 1;
    this.#centre = { x: (left + right) / 2, y: (top + bottom) / 2 };
    this.#width = width;
    this.#height = height;
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
    const taken: Box[] = this.#points.map(({ x, y }) => ({ left: x - 5, right: x + 5, top: y - 5, bottom: y + 5 }));
    const isFree = (box: Box): boolean => this.#isInside(box) && !taken.some((other) => overlap(box, other));
    let open = names.map((text, place) => candidates(this.#points[place]!, text, place));
    const labels: MapLabel[] = [];
    for (;;) {
      open = open.map((places) => places.filter((label) => isFree(boxOf(label)))).filter((places) => places.length > 0);
      if (open.length === 0) return labels;
      const next = open.reduce((least, places) => (places.length < least.length ? places : least));
      labels.push(next[0]!);
      taken.push(boxOf(next[0]!));
      open = open.filter((places) => places !== next);
    }
  }

  /** The name of one point, where it covers least of `others`: for one that has to be read in any case. */
  labelOf(place: number, text: string, others: readonly MapLabel[]): MapLabel {
    const boxes = others.map(boxOf);
    const covered = (label: MapLabel): number => boxes.reduce((area, box) => area + commonArea(boxOf(label), box), 0);
    const all = candidates(this.#points[place]!, text, place);
    const inside = all.filter((label) => this.#isInside(boxOf(label)));
    return (inside.length > 0 ? inside : all).reduce((least, label) => (covered(label) < covered(least) ? label : least));
  }

  #isInside({ left, right, top, bottom }: Box): boolean {
    return left >= 0 && right <= this.#width && top >= 0 && bottom <= this.#height;
  }
}

function candidates({ x, y }: Point, text: string, place: number): MapLabel[] {
  const at = (dx: number, dy: number, anchor: MapLabel['anchor']): MapLabel => ({ place, text, x: x + dx, y: y + dy, anchor });
  return [
    at(GAP, 4, 'start'),
    at(-GAP, 4, 'end'),
    at(0, -GAP, 'middle'),
    at(0, GAP + 8, 'middle'),
    at(GAP - 2, -GAP + 2, 'start'),
    at(-GAP + 2, -GAP + 2, 'end'),
    at(GAP - 2, GAP + 6, 'start'),
    at(-GAP + 2, GAP + 6, 'end'),
  ];
}

function boxOf({ text, x, y, anchor }: MapLabel): Box {
  const width = LETTER * text.length;
  const left = { start: x, end: x - width, middle: x - width / 2 }[anchor];
  return { left, right: left + width, top: y - LINE + 3, bottom: y + 3 };
}

function overlap(a: Box, b: Box): boolean {
  return commonArea(a, b) > 0;
}

function commonArea(a: Box, b: Box): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return Math.max(0, width) * Math.max(0, height);
}
