/** Drawings of the page, as SVG that takes its colours from the page's style. */
import { FIRST_NOTE } from '../../../model/spec.ts';

const NAMES = ['C', 'C♯', 'D', 'D♯', 'E', 'F', 'F♯', 'G', 'G♯', 'A', 'A♯', 'B'];

/** Name of a MIDI note, C4 is the middle one. */
export function noteName(note: number): string {
  return `${NAMES[note % 12]!}${Math.floor(note / 12) - 1}`;
}

const number = (value: number): string => value.toFixed(1).replace(/\.0$/, '');

function path(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${number(x)} ${number(y)}`).join('');
}

const CURVE = { width: 150, height: 64, range: 60 } as const;

/** Levels of one note over time, recorded and played, from its loudest moment 60 dB down. @param seconds between two values */
export function decayChart(recorded: Float64Array, played: Float64Array, seconds: number, shown: number): string {
  const { width, height, range } = CURVE;
  const top = Math.max(...recorded.slice(0, 10));
  const ownTop = Math.max(...played.slice(0, 10));
  const line = (levels: Float64Array, peak: number, kind: string): string => {
    const points: [number, number][] = [];
    for (let i = 0; i < levels.length && i * seconds <= shown; i += 2) {
      points.push([(i * seconds * width) / shown, Math.min(height, Math.max(0, ((peak - levels[i]!) / range) * height))]);
    }
    return `<path class="${kind}" d="${path(points)}"/>`;
  };
  const grid = [20, 40].map((down) => `<path class="grid" d="M0 ${number((down / range) * height)}h${width}"/>`).join('');
  return `<svg viewBox="0 -2 ${width} ${height + 4}" class="decay" role="img" aria-label="decay">${grid}${line(recorded, top, 'recorded')}${line(played, ownTop, 'played')}</svg>`;
}

const KEYS = { width: 880, height: 120, left: 34 } as const;

/** Level of each of the 88 keys in dBFS; those that stick out from their neighbours are marked. @param off dB that each lies off them */
export function keyboardChart(levels: readonly number[], off: readonly number[], limit: number): string {
  const { width, height, left } = KEYS;
  const high = Math.ceil(Math.max(...levels) / 6) * 6;
  const low = Math.floor(Math.min(...levels) / 6) * 6;
  const x = (i: number): number => left + ((i + 0.5) * (width - left)) / levels.length;
  const y = (level: number): number => ((high - level) / (high - low)) * height;
  let marks = '';
  for (let level = low; level <= high; level += 6) marks += `<path class="grid" d="M${left} ${number(y(level))}H${width}"/><text x="${left - 6}" y="${number(y(level) + 3)}" text-anchor="end">${level}</text>`;
  for (let i = 0; i < levels.length; i++) {
    const note = FIRST_NOTE + i;
    if (note % 12 === 0) marks += `<path class="grid" d="M${number(x(i))} 0V${height}"/><text x="${number(x(i))}" y="${height + 14}" text-anchor="middle">${noteName(note)}</text>`;
  }
  const dots = levels.map((level, i) => `<circle class="${Math.abs(off[i]!) > limit ? 'odd' : 'key'}" cx="${number(x(i))}" cy="${number(y(level))}" r="2.6"><title>${noteName(FIRST_NOTE + i)}: ${level.toFixed(1)} dBFS, ${off[i]!.toFixed(1)} dB off its neighbours</title></circle>`).join('');
  return `<svg viewBox="0 -6 ${width} ${height + 26}" class="keyboard" role="img" aria-label="level of each key">${marks}<path class="played" d="${path(levels.map((level, i) => [x(i), y(level)] as const))}"/>${dots}</svg>`;
}

/** One value of one kind in a row of `rangeChart`. */
export interface Mark {
  readonly kind: string;
  readonly value: number;
}

const RANGE = { width: 880, row: 26, left: 170 } as const;

/** A row for each name, its values as dots on one scale from 0. @param unit behind the values of the scale, @param step between its lines */
export function rangeChart(rows: readonly { readonly name: string; readonly marks: readonly Mark[] }[], unit: string, step: number, from = 0): string {
  const { width, row, left } = RANGE;
  const most = Math.ceil(Math.max(...rows.flatMap(({ marks }) => marks.map(({ value }) => value))) / step) * step;
  const x = (value: number): number => left + ((value - from) / (most - from)) * (width - left - 20);
  const height = rows.length * row;
  let grid = '';
  for (let value = from; value <= most + 1e-9; value += step) grid += `<path class="grid" d="M${number(x(value))} 0V${height}"/><text x="${number(x(value))}" y="${height + 15}" text-anchor="middle">${number(value) === String(value) ? value : value.toFixed(1)}${unit}</text>`;
  const lines = rows.map(({ name, marks }, i) => {
    const y = (i + 0.5) * row;
    const values = marks.map(({ value }) => x(value));
    const dots = marks.map(({ kind, value }) => `<circle class="${kind}" cx="${number(x(value))}" cy="${number(y)}" r="5.5"><title>${kind}: ${value.toFixed(2)}${unit}</title></circle>`).join('');
    return `<text class="name" x="0" y="${number(y + 4)}">${name}</text><path class="span" d="M${number(Math.min(...values))} ${number(y)}H${number(Math.max(...values))}"/>${dots}`;
  });
  return `<svg viewBox="0 -4 ${width} ${height + 26}" class="range" role="img" aria-label="figures of each piano">${grid}${lines.join('')}</svg>`;
}
