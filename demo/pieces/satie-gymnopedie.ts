import { Score } from './score.ts';

/**
 * Bars: bass; chord on the second beat; melody as `name` or `name*beats`,
 * `-` for a rest, `~` for a note that rings on from the bar before.
 */
const BARS = `
G2 | B3 D4 F#4 | -*3
D2 | A3 C#4 F#4 | -*3
G2 | B3 D4 F#4 | -*3
D2 | A3 C#4 F#4 | -*3
G2 | B3 D4 F#4 | - F#5 A5
D2 | A3 C#4 F#4 | G5 F#5 C#5
G2 | B3 D4 F#4 | B4 C#5 D5
D2 | A3 C#4 F#4 | A4*3
G2 | B3 D4 | F#4*12
D2 | A3 C#4 | ~
G2 | B3 D4 | ~
D2 | A3 C#4 | ~
G2 | B3 D4 F#4 | - F#5 A5
D2 | A3 C#4 F#4 | G5 F#5 C#5
G2 | B3 D4 F#4 | B4 C#5 D5
D2 | A3 C#4 F#4 | A4*3
F#2 | A3 C#4 F#4 | C#5*3
B1 | B3 D4 F#4 | F#5*3
E2 | G3 B3 | E4*9
E2 | B3 D4 G4 | ~
D2 | F3 A3 D4 | ~
A1 | A3 C4 E4 | A4 B4 C5
D2 | G3 B3 E4 | E5 D5 B4
D2 | D3 G3 B3 E4 | D5 C5 B4
D2 | C3 E3 A3 D4 | D5*5
D2 | C3 F#3 A3 D4 | ~*2 D5
D2 | A3 C4 F4 | E5 F5 G5
D2 | A3 C4 E4 | A5 C5 D5
D2 | D3 G3 B3 E4 | E5 D5 B4
D2 | C3 E3 A3 D4 | D5*5
D2 | C3 F#3 A3 D4 | ~*2 D5
E2 | B3 E4 G4 | G5*3
F#2 | A3 C#4 F#4 | F#5*3
B1 | B3 D4 F#4 | B4 A4 B4
E2 | C#4 E4 A4 | C#5 D5 E5
E2 | A3 C#4 F#4 A4 | C#5 D5 E5`
  .trim()
  .split('\n')
  .map((line) => line.split(' | '));

const STRENGTH = 44;

/** Erik Satie, Gymnopédie No. 1, the first of its two strophes. */
export function satieGymnopedie(): Score {
  const score = new Score('Gymnopédie No. 1');
  BARS.forEach(([bass = '', chord = '', melody = ''], bar) => {
    const start = 3 * bar;
    score.tempo(start, 74);
    // Every fourth bar ends a phrase, and breathes.
    if (bar % 4 === 3) score.tempo(start + 2, 68);
    score.changePedal(start);
    score.strike(start, 3, bass, STRENGTH - 4);
    score.strike(start + 1, 2, chord, STRENGTH - 10);
    let beat = start;
    for (const word of melody.split(' ')) {
      const [name = '', beats] = word.split('*');
      if (name !== '-' && name !== '~') score.strike(beat, Number(beats ?? 1), name, STRENGTH + 12 + arch(beat));
      beat += Number(beats ?? 1);
    }
  });
  close(score, 3 * BARS.length);
  return score;
}

/** Louder towards the middle of each phrase of four bars. */
function arch(beat: number): number {
  return 6 * Math.sin((Math.PI * (beat % 12)) / 12);
}

function close(score: Score, start: number): void {
  score.tempo(start, 68);
  score.changePedal(start);
  score.strike(start, 3, 'E2', STRENGTH - 4);
  score.strike(start, 2, 'F#4', STRENGTH + 10);
  score.strike(start + 1, 1, 'B2 A3 D4', STRENGTH - 10);
  score.strike(start + 2, 1, 'E3 B3 D4 G4', STRENGTH);
  score.tempo(start + 3, 60);
  score.changePedal(start + 3);
  score.strike(start + 3, 3, 'A2 G3 C4 E4 A4 C5', STRENGTH);
  score.tempo(start + 6, 52);
  score.changePedal(start + 6);
  score.strike(start + 6, 4, 'D2 A2 D3 D4 F#4 A4 D5', STRENGTH - 4);
  score.pedal(start + 10, 0);
}
