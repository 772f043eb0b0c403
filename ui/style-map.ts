/** A map of pianos: where each lies, and which mixture lies between them. */
import Delaunator from 'delaunator';
import type { StyleSummary } from '../model/style.ts';
import { classicalScaling, type Point } from './classical-scaling.ts';

/** One piano's part in a mixture. */
export interface StyleShare {
  readonly id: string;
  /** Above 0, at most 1; the shares of a mixture add up to 1. */
  readonly share: number;
}

export interface PlacedStyle extends Point {
  readonly id: string;
  readonly name: string;
}

/** Shares below this are not worth a name. */
const SMALLEST_SHARE = 0.005;
/** Weight of each corner, in the order of the triangle. */
type Barycentric = readonly [number, number, number];

/**
 * Places styles by the distances between their embeddings. A place between
 * pianos stands for the mixture of the three around it whose embedding the map
 * shows at that very place: the map is a projection, and so are the mixtures.
 */
export class StyleMap {
  readonly places: readonly PlacedStyle[];
  /** Corners of the triangles of neighbours, three indices into `places` each. */
  readonly triangles: readonly (readonly [number, number, number])[];

  /** @param added as many of the last styles come to a map that stays as it is */
  constructor(styles: readonly Pick<StyleSummary, 'id' | 'name' | 'embedding'>[], added = 0) {
    const points = classicalScaling(styles.map(({ embedding }) => embedding), added);
    this.places = styles.map(({ id, name }, i) => ({ id, name, ...points[i]! }));
    const corners = Delaunator.from(points, (p) => p.x, (p) => p.y).triangles;
    this.triangles = Array.from({ length: corners.length / 3 }, (_, i) => [corners[3 * i]!, corners[3 * i + 1]!, corners[3 * i + 2]!]);
  }

  /** Pairs of neighbours, as indices into `places`. */
  get edges(): [number, number][] {
    const pairs = new Map<string, [number, number]>();
    const add = (a: number, b: number): void => void pairs.set([a, b].sort().join(), [a, b]);
    for (const [a, b, c] of this.triangles) {
      add(a, b);
      add(b, c);
      add(c, a);
    }
    if (this.triangles.length === 0) this.#line().forEach((a, i, all) => i > 0 && add(all[i - 1]!, a));
    return [...pairs.values()];
  }

  /** The place of a mixture. */
  placeOf(shares: readonly StyleShare[]): Point {
    let [x, y] = [0, 0];
    for (const { id, share } of shares) {
      const place = this.places.find((candidate) => candidate.id === id);
      x += share * (place?.x ?? 0);
      y += share * (place?.y ?? 0);
    }
    return { x, y };
  }

  /** The mixture at a place, largest share first; beyond the last pianos, that of the nearest place between them. */
  sharesAt(point: Point): StyleShare[] {
    for (const triangle of this.triangles) {
      const weights = barycentric(point, triangle.map((i) => this.places[i]!));
      if (weights?.every((weight) => weight >= 0)) return this.#shares(triangle, weights);
    }
    const nearest = this.edges
      .map(([a, b]) => nearestOnEdge(point, this.places[a]!, this.places[b]!, [a, b]))
      .sort((a, b) => a.distance - b.distance)[0];
    if (nearest !== undefined) return this.#shares(nearest.ends, [1 - nearest.along, nearest.along]);
    return this.places.length === 0 ? [] : [{ id: this.places[0]!.id, share: 1 }];
  }

  #shares(corners: readonly number[], weights: readonly number[]): StyleShare[] {
    const kept = corners
      .map((corner, i) => ({ id: this.places[corner]!.id, share: weights[i]! }))
      .filter(({ share }) => share >= SMALLEST_SHARE)
      .sort((a, b) => b.share - a.share);
    const sum = kept.reduce((total, { share }) => total + share, 0);
    return kept.map(({ id, share }) => ({ id, share: share / sum }));
  }

  /** Where all lie on one line: their order along it. */
  #line(): number[] {
    return this.places.map((_, i) => i).sort((a, b) => this.places[a]!.x - this.places[b]!.x || this.places[a]!.y - this.places[b]!.y);
  }
}

/** Undefined for a triangle without an area. */
function barycentric({ x, y }: Point, corners: readonly Point[]): Barycentric | undefined {
  const [a, b, c] = [corners[0]!, corners[1]!, corners[2]!];
  const area = (b.y - c.y) * (a.x - c.x) + (c.x - b.x) * (a.y - c.y);
  if (area === 0) return undefined;
  const first = ((b.y - c.y) * (x - c.x) + (c.x - b.x) * (y - c.y)) / area;
  const second = ((c.y - a.y) * (x - c.x) + (a.x - c.x) * (y - c.y)) / area;
  return [first, second, 1 - first - second];
}

function nearestOnEdge(point: Point, a: Point, b: Point, ends: [number, number]): { ends: [number, number]; along: number; distance: number } {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((point.x - a.x) * dx + (point.y - a.y) * dy) / length));
  return { ends, along, distance: Math.hypot(point.x - a.x - along * dx, point.y - a.y - along * dy) };
}
