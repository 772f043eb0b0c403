/** The training log and its picture. */
import type { Stage } from './schedule.ts';

/** Averages over the steps since the entry before. */
export interface LogEntry {
  readonly step: number;
  readonly stage: Stage;
  /** Distance of outlines, multi-scale spectral loss, or negative log likelihood in nats a sample, by the stage. */
  readonly loss: number;
  /** Loss of each bank that came up. */
  readonly banks: Readonly<Record<string, number>>;
  readonly learningRate: number;
  /** Seconds of sound trained in a second. */
  readonly throughput: number;
  /** Seconds trained so far. */
  readonly seconds: number;
}

const WIDTH = 860;
const HEIGHT = 420;
const MARGIN = { left: 56, right: 170, top: 24, bottom: 44 };
const COLOURS = ['#9467bd', '#1f77b4', '#17becf', '#2ca02c', '#bcbd22', '#ff7f0e', '#8c564b', '#e377c2', '#7f7f7f'];

const STAGE_NAMES: Readonly<Record<Stage, string>> = {
  outline: 'outlines',
  notes: 'notes alone',
  knocks: 'knocks alone',
  excitation: 'sound',
  wavenet: 'WaveNet',
  all: 'all together',
  generator: 'generator',
};

/** The loss curves as SVG: all banks together in black, each bank in its colour. */
export function lossCurves(log: readonly LogEntry[]): string {
  const banks = [...new Set(log.flatMap((entry) => Object.keys(entry.banks)))].sort();
  const lastStep = Math.max(1, log.at(-1)?.step ?? 1);
  const losses = log.map((entry) => entry.loss);
  const least = Math.min(...losses);
  // Likelihoods may be negative: those are drawn as they are, distances by their logarithm.
  const linear = least <= 0;
  const low = linear ? least - 0.1 : least * 0.8;
  const high = linear ? Math.max(...losses) + 0.1 : Math.max(...losses) * 1.1;
  const share = (loss: number): number => (linear ? (high - loss) / (high - low) : Math.log(high / loss) / Math.log(high / low));
  const x = (step: number): number => MARGIN.left + ((WIDTH - MARGIN.left - MARGIN.right) * step) / lastStep;
  const y = (loss: number): number =>
    MARGIN.top + (HEIGHT - MARGIN.top - MARGIN.bottom) * share(loss);
  const curve = (points: readonly [number, number][], colour: string, width: number): string =>
    `<polyline fill="none" stroke="${colour}" stroke-width="${width}" points="${points
      .map(([step, loss]) => `${x(step).toFixed(1)},${y(Math.min(high, Math.max(low, loss))).toFixed(1)}`)
      .join(' ')}"/>`;
  const label = (at: [number, number], text: string, colour = '#333', anchor = 'start'): string =>
    `<text x="${at[0].toFixed(1)}" y="${at[1].toFixed(1)}" fill="${colour}" text-anchor="${anchor}">${text}</text>`;

  const parts = banks.map((bank, i) => {
    const colour = COLOURS[i % COLOURS.length]!;
    const points = smooth(log.flatMap((e) => (bank in e.banks ? [[e.step, e.banks[bank]!] as [number, number]] : [])));
    return curve(points, colour, 1) + label([WIDTH - MARGIN.right + 12, MARGIN.top + 14 + 18 * (i + 1)], bank, colour);
  });
  const all = smooth(log.map((e) => [e.step, e.loss]));
  parts.push(curve(all, '#111', 2), label([WIDTH - MARGIN.right + 12, MARGIN.top + 14], 'all banks', '#111'));
  log.forEach((entry, i) => {
    if (entry.stage === log[i - 1]?.stage) return;
    const at = x(i === 0 ? 0 : entry.step);
    parts.push(`<line x1="${at}" x2="${at}" y1="${MARGIN.top}" y2="${HEIGHT - MARGIN.bottom}" stroke="#999" stroke-dasharray="4 4"/>`);
    parts.push(label([at + 6, MARGIN.top + 12], STAGE_NAMES[entry.stage], '#666'));
  });
  for (let i = 0; i <= 4; i++) {
    const loss = linear ? low + ((high - low) * i) / 4 : low * (high / low) ** (i / 4);
    parts.push(label([MARGIN.left - 8, y(loss) + 4], loss.toFixed(2), '#555', 'end'));
    parts.push(label([x((lastStep * i) / 4), HEIGHT - MARGIN.bottom + 20], String(Math.round((lastStep * i) / 4)), '#555', 'middle'));
  }
  parts.push(label([(WIDTH - MARGIN.right + MARGIN.left) / 2, HEIGHT - 6], 'steps', '#555', 'middle'));
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">` +
    `<rect width="100%" height="100%" fill="#fff"/>${parts.join('\n')}</svg>\n`
  );
}

/** Running mean over a twentieth of the points. */
function smooth(points: readonly [number, number][]): [number, number][] {
  const reach = Math.max(1, Math.round(points.length / 40));
  return points.map(([step], i) => {
    const near = points.slice(Math.max(0, i - reach), i + reach + 1);
    return [step, near.reduce((sum, [, loss]) => sum + loss, 0) / near.length];
  });
}
