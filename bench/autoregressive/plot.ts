/** The cost of a sample over the receptive field, as SVG. */
import type { FieldTimes } from './naive.ts';

const WIDTH = 720;
const HEIGHT = 400;
const MARGIN = { left: 70, right: 150, top: 30, bottom: 50 };

/** Both axes by their logarithm: linear growth is a diagonal, logarithmic growth nearly flat. */
export function fieldPlot(times: readonly FieldTimes[]): string {
  const all = times.flatMap(({ queues, naive }) => [queues, naive]);
  const decades = [Math.floor(Math.log10(Math.min(...all))), Math.ceil(Math.log10(Math.max(...all)))] as const;
  const octaves = [Math.log2(times[0]!.field), Math.log2(times.at(-1)!.field)] as const;
  const x = (field: number): number => MARGIN.left + ((WIDTH - MARGIN.left - MARGIN.right) * (Math.log2(field) - octaves[0])) / (octaves[1] - octaves[0]);
  const y = (seconds: number): number => MARGIN.top + ((HEIGHT - MARGIN.top - MARGIN.bottom) * (decades[1] - Math.log10(seconds))) / (decades[1] - decades[0]);
  const text = (at: readonly [number, number], label: string, anchor = 'start', colour = '#333'): string =>
    `<text x="${at[0].toFixed(1)}" y="${at[1].toFixed(1)}" text-anchor="${anchor}" fill="${colour}">${label}</text>`;
  const parts: string[] = [];
  for (let d = decades[0]; d <= decades[1]; d++) {
    const level = y(10 ** d);
    parts.push(`<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${level}" y2="${level}" stroke="#ddd"/>`, text([MARGIN.left - 8, level + 4], named(10 ** d), 'end'));
  }
  for (const { field } of times) parts.push(text([x(field), HEIGHT - MARGIN.bottom + 20], String(field), 'middle'));
  for (const [name, colour] of [['queues', '#1a7f37'], ['naive', '#b42318']] as const) {
    const points = times.map((each) => `${x(each.field).toFixed(1)},${y(each[name]).toFixed(1)}`);
    parts.push(`<polyline fill="none" stroke="${colour}" stroke-width="2" points="${points.join(' ')}"/>`);
    for (const point of points) parts.push(`<circle cx="${point.split(',')[0]}" cy="${point.split(',')[1]}" r="3" fill="${colour}"/>`);
    const label = name === 'queues' ? 'from the queues' : 'all anew';
    parts.push(text([WIDTH - MARGIN.right + 10, y(times.at(-1)![name]) + 4], label, 'start', colour));
  }
  parts.push(text([(MARGIN.left + WIDTH - MARGIN.right) / 2, HEIGHT - 8], 'samples of the receptive field', 'middle'));
  parts.push(text([MARGIN.left, 18], 'time for one sample, 24 channels'));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="#fff"/>\n${parts.join('\n')}\n</svg>\n`;
}

function named(seconds: number): string {
  if (seconds >= 0.999) return `${Math.round(seconds)} s`;
  if (seconds >= 0.000999) return `${Math.round(seconds * 1e3)} ms`;
  return seconds >= 0.999e-6 ? `${Math.round(seconds * 1e6)} µs` : `${Math.round(seconds * 1e9)} ns`;
}
