import { Score } from './score.ts';

/** The left hand, a bar a line: a chord, and how many quavers it is repeated for. */
const LEFT = `
G3 B3 E4 * 8
F#3 A3 E4 * 4 | F#3 A3 D#4 * 4
F3 A3 D#4 * 4 | F3 A3 D4 * 2 | F3 G#3 D4 * 2
E3 G#3 D4 * 4 | E3 G3 D4 * 2 | E3 G3 C#4 * 2
E3 G3 C4 * 4 | E3 F#3 C4 * 4
E3 F#3 C4 * 4 | D#3 F#3 C4 * 4
D3 F#3 C4 * 8
D3 F3 C4 * 4 | D3 F3 B3 * 4
C3 E3 B3 * 2 | C3 E3 A3 * 6
B2 E3 A3 * 2 | B2 D#3 A3 * 2 | C3 E3 A3 * 4
B2 D#3 A3 * 4 | C3 E3 A3 * 4
B2 D#3 A3 * 1 | - * 7
G3 B3 E4 * 8
F#3 A3 E4 * 4 | F3 A3 D#4 * 4
F3 G#3 D#4 * 2 | F3 G#3 D4 * 2 | E3 G#3 D4 * 4
E3 G3 D4 * 2 | E3 G3 C#4 * 2 | C#3 E3 A#3 * 2 | C3 E3 A3 * 2
B1 B2 * 1 | A3 C4 F#4 A4 * 3 | G3 B3 D#4 F#4 * 1 | G3 B3 E4 * 3
A3 C4 E4 * 2 | A2 * 1 | E3 F#3 C4 * 1 | B2 E3 B3 * 2 | C3 E3 A3 * 2
B2 E3 B3 * 4 | C3 E3 A3 * 4
B2 E3 B3 * 4 | B2 D#3 B3 * 2 | B2 D#3 A3 * 2
C3 G3 * 4 | C3 Bb3 * 2 | C3 E3 A3 * 2
B2 E3 A3 * 2 | B2 E3 G#3 * 2 | B2 E3 G3 * 4`
  .trim()
  .split('\n')
  .map((line) => line.split(' | ').map((group) => group.split(' * ')));

/** The melody from the upbeat on: a key and its length in crotchets. */
const MELODY = `
B3 0.75, B4 0.25, B4 3, C5 1, B4 3, C5 1, B4 3, C5 1, B4 3, Bb4 1,
A4 3, B4 1, A4 3, B4 1, A4 3, B4 0.75, A4 0.25, A4 3, G#4 2,
A4 0.5, B4 0.5, D5 0.5, C5 0.5, E4 0.5, A4 0.5, F#4 3, A4 1, F#4 2.9, B4 0.1, A4 1,
G4 0.5, F#4 0.5, C4 0.5, B3 0.5, D#4 0.5, F#4 0.5, D5 0.333333, C5 0.333333, B4 0.333334,
B4 3, C5 1, B4 3, C5 1, B4 3, C5 1, B4 0.75, A#4 0.25, A#4 1,
A5 0.4, B5 0.15, A5 0.15, G#5 0.15, A5 0.15, F#5 0.75, E5 0.25,
E5 0.5, D#5 0.5, C6 0.5, D#5 0.5, D#5 0.5, E5 0.5, G5 0.5, B4 0.5,
D5 0.5, C5 0.5, E5 0.333333, E4 0.333333, A4 0.333334, F#4 1.5, A4 0.5,
F#4 2.9, B4 0.1, A4 1, F#4 3.75, E4 0.25, E4 3, F#4 1, E4 3, F#4 1, E4 2`
  .trim()
  .split(',')
  .map((word) => word.trim().split(' '));

/** Strength of the melody by bar, from the upbeat; the cry stands in bar 17. */
const STRENGTHS = [54, 58, 58, 59, 58, 56, 55, 54, 53, 58, 52, 50, 56, 54, 58, 62, 72, 84, 74, 54, 48, 46, 43, 40];

const UPBEAT = 1;

/** Frédéric Chopin, Prelude in E minor, Op. 28 No. 4. */
export function chopinPrelude(): Score {
  const score = new Score('Prelude in E minor, Op. 28 No. 4');
  score.tempo(0, 50);
  let beat = 0;
  for (const [name = '', beats] of MELODY) {
    const bar = Math.floor((beat - UPBEAT) / 4) + 1;
    const long = Number(beats) >= 2 ? 4 : 0;
    score.strike(beat, Number(beats), name, STRENGTHS[bar]! + long);
    beat += Number(beats);
  }
  LEFT.forEach((groups, i) => bar(score, i, groups));
  close(score, UPBEAT + 4 * LEFT.length);
  return score;
}

function bar(score: Score, index: number, groups: readonly string[][]): void {
  const start = UPBEAT + 4 * index;
  const stretto = index >= 15 && index <= 17;
  score.tempo(start, stretto ? 66 : 56);
  score.tempo(start + 3, stretto ? 62 : 53);
  let quaver = 0;
  for (const [chord = '', times] of groups) {
    score.changePedal(start + quaver / 2);
    for (let i = 0; i < Number(times); i++, quaver++) {
      const swell = 3 * Math.sin((Math.PI * quaver) / 8);
      if (chord !== '-') score.strike(start + quaver / 2, 0.48, chord, STRENGTHS[index + 1]! * 0.62 + swell);
    }
  }
}

function close(score: Score, start: number): void {
  score.tempo(start, 46);
  score.changePedal(start);
  score.strike(start, 2, 'A#2 C3 G3', 36);
  score.pedal(start + 2.1, 0);
  score.tempo(start + 3, 36);
  score.tempo(start + 4, 44);
  score.changePedal(start + 4);
  score.strike(start + 4, 2, 'B1 B2 E3 F#3 B3 E4', 34);
  score.changePedal(start + 6);
  score.strike(start + 6, 2, 'B1 B2 D#3 F#3 B3 D#4', 32);
  score.tempo(start + 8, 36);
  score.changePedal(start + 8);
  score.strike(start + 8, 5, 'E1 E2 E3 G3 B3 E4', 30);
  score.pedal(start + 13.5, 0);
}
