/**
 * The curve that B follows over a keyboard: bass bridge plus treble bridge,
 * B(m) = exp(aB m + bB) + exp(aT m + bT) (Rigaud et al. 2013), fitted in the
 * logarithm by Gauss-Newton with damping and Huber weights.
 */

/** Typical grand; the fit starts here and is drawn here where data is thin. */
const TYPICAL = [-0.102, -6.91, 0.0934, -13.63] as const;
/** Standard deviations over pianos of the slope and of the level at the two anchors. */
const SLOPE_SPREAD = 0.025;
const LEVEL_SPREAD = 1.2;
/** Levels are those of the bridges at these keys, where each one matters. */
const BASS_ANCHOR = 30;
const TREBLE_ANCHOR = 75;
const ROUNDS = 60;
/** Deviations in ln B beyond this count linearly. */
const HUBER = 0.25;
/** Standard deviation in ln B of a key from the curve. */
const KEY_SPREAD = 0.2;

export interface StiffnessPoint {
  readonly note: number;
  readonly inharmonicity: number;
  /** 0 where it says nothing. */
  readonly weight: number;
}

type Four = [number, number, number, number];

/** Slopes and anchored levels to B. */
function curveAt([bassSlope, bassLevel, trebleSlope, trebleLevel]: Four, note: number): [bass: number, treble: number] {
  return [
    Math.exp(bassSlope * (note - BASS_ANCHOR) + bassLevel),
    Math.exp(trebleSlope * (note - TREBLE_ANCHOR) + trebleLevel),
  ];
}

/** Solves a 4 x 4 symmetric positive system by Gauss elimination. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): Four {
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  for (let i = 0; i < 4; i++) {
    for (let j = i + 1; j < 4; j++) {
      const factor = rows[j]![i]! / rows[i]![i]!;
      for (let c = i; c < 5; c++) rows[j]![c]! -= factor * rows[i]![c]!;
    }
  }
  const x: Four = [0, 0, 0, 0];
  for (let i = 3; i >= 0; i--) {
    let sum = rows[i]![4]!;
    for (let j = i + 1; j < 4; j++) sum -= rows[i]![j]! * x[j]!;
    x[i] = sum / rows[i]![i]!;
  }
  return x;
}

/** Fits the four parameters to measured keys and returns B as a function of the MIDI note. */
export function fitStiffness(points: readonly StiffnessPoint[]): (note: number) => number {
  const prior: Four = [
    TYPICAL[0],
    TYPICAL[0] * BASS_ANCHOR + TYPICAL[1],
    TYPICAL[2],
    TYPICAL[2] * TREBLE_ANCHOR + TYPICAL[3],
  ];
  const spread: Four = [SLOPE_SPREAD, LEVEL_SPREAD, SLOPE_SPREAD, LEVEL_SPREAD];
  const parameters: Four = [...prior];
  for (let round = 0; round < ROUNDS; round++) {
    const matrix = Array.from({ length: 4 }, () => [0, 0, 0, 0]);
    const right = [0, 0, 0, 0];
    for (let i = 0; i < 4; i++) {
      matrix[i]![i] = 1 / spread[i]! ** 2;
      right[i] = (prior[i]! - parameters[i]!) / spread[i]! ** 2;
    }
    for (const { note, inharmonicity, weight } of points) {
      const [bass, treble] = curveAt(parameters, note);
      const share = bass / (bass + treble);
      const error = Math.log(inharmonicity / (bass + treble));
      const huber = Math.min(1, HUBER / Math.max(HUBER, Math.abs(error)));
      const w = (Math.min(1, weight) * huber) / KEY_SPREAD ** 2;
      const slope = [share * (note - BASS_ANCHOR), share, (1 - share) * (note - TREBLE_ANCHOR), 1 - share];
      for (let i = 0; i < 4; i++) {
        right[i]! += w * slope[i]! * error;
        for (let j = 0; j < 4; j++) matrix[i]![j]! += w * slope[i]! * slope[j]!;
      }
    }
    const step = solve(matrix, right);
    for (let i = 0; i < 4; i++) parameters[i]! += 0.5 * step[i]!;
  }
  return (note) => {
    const [bass, treble] = curveAt(parameters, note);
    return bass + treble;
  };
}
