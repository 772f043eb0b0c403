import { Score } from './score.ts';

/** One bar of the figure for each line: bass, tenor, and the three notes of the right hand. */
const FIGURES = `
C4 E4 G4 C5 E5
C4 D4 A4 D5 F5
B3 D4 G4 D5 F5
C4 E4 G4 C5 E5
C4 E4 A4 E5 A5
C4 D4 F#4 A4 D5
B3 D4 G4 D5 G5
B3 C4 E4 G4 C5
A3 C4 E4 G4 C5
D3 A3 D4 F#4 C5
G3 B3 D4 G4 B4
G3 Bb3 E4 G4 C#5
F3 A3 D4 A4 D5
F3 Ab3 D4 F4 B4
E3 G3 C4 G4 C5
E3 F3 A3 C4 F4
D3 F3 A3 C4 F4
G2 D3 G3 B3 F4
C3 E3 G3 C4 E4
C3 G3 Bb3 C4 E4
F2 F3 A3 C4 E4
F#2 C3 A3 C4 Eb4
Ab2 F3 B3 C4 D4
G2 F3 G3 B3 D4
G2 E3 G3 C4 E4
G2 D3 G3 C4 F4
G2 D3 G3 B3 F4
G2 Eb3 A3 C4 F#4
G2 E3 G3 C4 G4
G2 D3 G3 C4 F4
G2 D3 G3 B3 F4
C2 C3 G3 Bb3 E4`
  .trim()
  .split('\n')
  .map((line) => line.split(' '));

/** How strongly each bar is played: the lines rise to the diminished chords and fall to the dominant pedal. */
const STRENGTHS = [
  52, 54, 57, 53, 60, 57, 60, 55, 52, 55, 53, 58, 54, 57, 51, 49,
  47, 50, 47, 54, 57, 62, 66, 60, 57, 59, 62, 68, 66, 60, 55, 50,
];

const CLOSE = [
  'C2 C3 F3 A3 C4 F4 C4 A3 C4 A3 F3 A3 F3 D3 F3 D3'.split(' '),
  'C2 B2 G4 B4 D5 F5 D5 B4 D5 B4 G4 B4 D4 F4 E4 D4'.split(' '),
];

/** Johann Sebastian Bach, Prelude in C major, BWV 846. */
export function bachPrelude(): Score {
  const score = new Score('Prelude in C major, BWV 846');
  const sixteenth = 0.25;
  FIGURES.forEach(([bass = '', tenor = '', ...right], bar) => {
    const start = 4 * bar;
    const strength = STRENGTHS[bar]!;
    score.tempo(start, bar === 0 ? 64 : 68);
    score.changePedal(start);
    for (const half of [start, start + 2]) {
      const echo = half === start ? 0 : -4;
      score.strike(half, 2, bass, strength + 5 + echo);
      score.strike(half + sixteenth, 1.75, tenor, strength - 3 + echo);
      [...right, ...right].forEach((name, i) => {
        const top = i % 3 === 2 ? 3 : 0;
        score.strike(half + (2 + i) * sixteenth, sixteenth * 1.1, name, strength - 5 + top + echo);
      });
    }
  });
  CLOSE.forEach((names, i) => {
    const start = 4 * (FIGURES.length + i);
    score.tempo(start, 62 - 6 * i);
    score.tempo(start + 3, 54 - 12 * i);
    score.changePedal(start);
    names.forEach((name, n) => score.strike(start + n * sixteenth, n < 2 ? 4 - n * sixteenth : sixteenth, name, 52 - n - 3 * i));
  });
  const last = 4 * (FIGURES.length + CLOSE.length);
  score.tempo(last, 44);
  score.changePedal(last);
  // The last chord is spread from the bass up.
  ['C2', 'C3', 'E4', 'G4', 'C5'].forEach((name, i) => score.strike(last + i * 0.09, 5 - i * 0.09, name, 40 + i));
  score.pedal(last + 5.5, 0);
  return score;
}
