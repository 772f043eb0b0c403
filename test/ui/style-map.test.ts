import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Random } from '../../model/random.ts';
import { parseStyle, parseStyleIndex } from '../../model/style.ts';
import { classicalScaling } from '../../ui/classical-scaling.ts';
import { StyleMap } from '../../ui/style-map.ts';

const PRETRAINED = 'model/pretrained/styles';
const shipped = parseStyleIndex(readFileSync(`${PRETRAINED}/index.json`, 'utf8'), 'index').map(({ id }) =>
  parseStyle(readFileSync(`${PRETRAINED}/${id}.json`, 'utf8'), id),
);

const distance = (a: readonly number[], b: readonly number[]): number => Math.hypot(...a.map((x, i) => x - b[i]!));

/** Distances of all pairs, in one order. */
const distances = (points: readonly (readonly number[])[]): number[] =>
  points.flatMap((a, i) => points.slice(0, i).map((b) => distance(a, b)));

const ranks = (values: readonly number[]): number[] => values.map((value) => values.filter((other) => other < value).length);

function correlation(a: readonly number[], b: readonly number[]): number {
  const centred = (values: readonly number[]): number[] => values.map((x) => x - values.reduce((sum, y) => sum + y, 0) / values.length);
  const [x, y] = [centred(a), centred(b)];
  const product = (p: readonly number[], q: readonly number[]): number => p.reduce((sum, value, i) => sum + value * q[i]!, 0);
  return product(x, y) / Math.sqrt(product(x, x) * product(y, y));
}

/** Vectors of 16 numbers that lie in one plane, and their places in it. */
function plane(count: number): { vectors: number[][]; places: number[][] } {
  const random = new Random(3);
  const along = Array.from({ length: 16 }, () => random.normal());
  const across = Array.from({ length: 16 }, () => random.normal());
  const length = Math.hypot(...along);
  const first = along.map((x) => x / length);
  const shadow = across.reduce((sum, x, i) => sum + x * first[i]!, 0);
  const rest = across.map((x, i) => x - shadow * first[i]!);
  const second = rest.map((x) => x / Math.hypot(...rest));
  const places = Array.from({ length: count }, () => [3 * random.normal(), random.normal()]);
  return { places, vectors: places.map(([x, y]) => first.map((value, i) => 1 + x! * value + y! * second[i]!)) };
}

const named = (vectors: readonly number[][]): { id: string; name: string; embedding: number[] }[] =>
  vectors.map((embedding, i) => ({ id: `piano-${i}`, name: `Piano ${i}`, embedding }));

describe('classical scaling', () => {
  test('keeps every distance of vectors that lie in a plane', () => {
    const { vectors, places } = plane(12);
    const found = classicalScaling(vectors).map(({ x, y }) => [x, y]);
    distances(found).forEach((value, i) => expect(value).toBeCloseTo(distances(places)[i]!, 6));
  });

  test('leaves vectors where they are when others are added, and puts those in their plane where they belong', () => {
    const { vectors, places } = plane(12);
    const before = classicalScaling(vectors.slice(0, 9));
    const after = classicalScaling(vectors, 3);
    expect(after.slice(0, 9)).toEqual(before);
    distances(after.map(({ x, y }) => [x, y])).forEach((value, i) => expect(value).toBeCloseTo(distances(places)[i]!, 6));
  });

  test('gives one, two and equal vectors a place each', () => {
    expect(classicalScaling([[1, 2]])).toEqual([{ x: 0, y: 0 }]);
    const [a, b] = classicalScaling([[0, 3], [4, 0]]);
    expect(Math.hypot(a!.x - b!.x, a!.y - b!.y)).toBeCloseTo(5, 9);
    expect(classicalScaling([[1, 1], [1, 1], [1, 1]]).every(({ x, y }) => x === 0 && y === 0)).toBe(true);
  });
});

describe('the map of pianos', () => {
  test('of the shipped pianos ranks distances as the embedding does', () => {
    const { places } = new StyleMap(shipped);
    const onMap = distances(places.map(({ x, y }) => [x, y]));
    const inSpace = distances(shipped.map(({ embedding }) => embedding));
    // Nine embeddings of 16 numbers lie nearly as far from each other as from all others: no plane shows that. Kruskal's
    // non-metric scaling, which is free to bend distances as long as their order stays, reaches 0.74, but mixtures would not
    // lie between their pianos there.
    expect(correlation(ranks(onMap), ranks(inSpace))).toBeGreaterThan(0.6);
  });

  test('at a piano plays it alone, and between pianos the mixture that lies there', () => {
    const { vectors } = plane(9);
    const map = new StyleMap(named(vectors));
    map.places.forEach(({ id, x, y }) => expect(map.sharesAt({ x, y })).toEqual([{ id, share: expect.closeTo(1, 6) as number }]));
    const random = new Random(5);
    for (let i = 0; i < 200; i++) {
      const [a, b, c] = [random.uniform(), random.uniform(), random.uniform()];
      const [p, q, r] = [map.places[i % 9]!, map.places[(i + 2) % 9]!, map.places[(i + 5) % 9]!];
      const place = { x: (a * p.x + b * q.x + c * r.x) / (a + b + c), y: (a * p.y + b * q.y + c * r.y) / (a + b + c) };
      const shares = map.sharesAt(place);
      expect(shares.length).toBeLessThanOrEqual(3);
      expect(shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
      // The embedding of the mixture is as far from each piano as the place is on the map; the smallest shares are left out.
      const share = (j: number): number => shares.find(({ id }) => id === `piano-${j}`)?.share ?? 0;
      const mixture = vectors[0]!.map((_, k) => vectors.reduce((sum, vector, j) => sum + share(j) * vector[k]!, 0));
      vectors.forEach((vector, j) => {
        const onMap = Math.hypot(place.x - map.places[j]!.x, place.y - map.places[j]!.y);
        expect(Math.abs(distance(mixture, vector) - onMap)).toBeLessThan(0.1);
      });
    }
  });

  test('beyond the last pianos stays between them, at the nearest place', () => {
    const map = new StyleMap(named([[0, 0], [2, 0], [0, 2]]));
    const corner = map.places[0]!;
    const far = { x: 10 * corner.x, y: 10 * corner.y };
    expect(map.sharesAt(far)).toEqual([{ id: 'piano-0', share: 1 }]);
  });

  test('moves on a line between two pianos', () => {
    const map = new StyleMap(named([[0, 0], [4, 0]]));
    const [a, b] = [map.places[0]!, map.places[1]!];
    const quarter = { x: a.x + (b.x - a.x) / 4, y: a.y + 0.7 };
    const shares = map.sharesAt(quarter);
    expect(shares.map(({ id }) => id)).toEqual(['piano-0', 'piano-1']);
    expect(shares[1]!.share).toBeCloseTo(0.25, 9);
  });
});
