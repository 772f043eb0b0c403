/**
 * Classical multidimensional scaling (Torgerson 1952): points in the plane
 * whose distances are as near as a projection can bring them to those between
 * the given vectors. It is the projection on the two principal axes, so what
 * lies on a line between vectors lies on the line between their points.
 */

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Of the power iteration; 50 vectors need some hundreds. */
const MOST_STEPS = 5000;
const PRECISION = 1e-12;

/**
 * @param vectors all of one length
 * @param added as many of the last of them have no say in the axes: they are projected to where they belong among the
 *   others (Gower 1968, "Adding a point to vector diagrams in multivariate analysis")
 * @returns one point for each; the mean of those with a say is the origin, x is the longer axis, and the first vector lies to the left and above
 */
export function classicalScaling(vectors: readonly (readonly number[])[], added = 0): Point[] {
  const count = vectors.length - added;
  const size = vectors[0]?.length ?? 0;
  const mean = Array.from({ length: size }, (_, k) => vectors.slice(0, count).reduce((sum, vector) => sum + vector[k]!, 0) / count);
  const centred = vectors.map((vector) => vector.map((value, k) => value - mean[k]!));
  const settled = centred.slice(0, count);
  const gram = settled.map((a) => settled.map((b) => dot(a, b)));
  const x = principalAxis(gram);
  deflate(gram, x);
  const y = principalAxis(gram);
  const along = (axis: readonly number[]): number[] => [...axis, ...centred.slice(count).map((vector) => coordinate(vector, settled, axis))];
  const [xs, ys] = [along(x), along(y)];
  return xs.map((value, i) => ({ x: value, y: ys[i]! }));
}

/** Where `vector` lies along an axis on which the `settled` ones lie at `places`. */
function coordinate(vector: readonly number[], settled: readonly (readonly number[])[], places: readonly number[]): number {
  const square = dot(places, places);
  return square === 0 ? 0 : settled.reduce((sum, other, i) => sum + places[i]! * dot(vector, other), 0) / square;
}

/** Coordinates along the axis of greatest variance: the first eigenvector, scaled by the root of its eigenvalue. */
function principalAxis(gram: readonly (readonly number[])[]): number[] {
  const size = gram.length;
  // A start that no symmetry of the data makes orthogonal to the answer.
  let axis = Array.from({ length: size }, (_, i) => Math.cos(1 + 2.3 * i));
  let value = 0;
  for (let step = 0; step < MOST_STEPS; step++) {
    const next = gram.map((row) => dot(row, axis));
    const length = Math.hypot(...next);
    if (length < PRECISION) return axis.map(() => 0);
    const moved = next.map((x) => x / length);
    const change = Math.hypot(...moved.map((x, i) => x - axis[i]!));
    axis = moved;
    value = length;
    if (change < PRECISION) break;
  }
  // An eigenvector has no sign of its own.
  const sign = axis[0]! > 0 ? -1 : 1;
  return axis.map((x) => sign * Math.sqrt(value) * x);
}

/** Takes an axis out, so that the next one is the greatest that is left. */
function deflate(gram: number[][], axis: readonly number[]): void {
  gram.forEach((row, i) => row.forEach((_, j) => (row[j]! -= axis[i]! * axis[j]!)));
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, x, i) => sum + x * b[i]!, 0);
}
