/** The pieces that the page brings along: works in the public domain, our own encoding of them dedicated with CC0 1.0. */
import { mkdir, writeFile } from 'node:fs/promises';
import { bachPrelude } from './bach-prelude.ts';
import { chopinPrelude } from './chopin-prelude.ts';
import { satieGymnopedie } from './satie-gymnopedie.ts';

const LICENCE = 'CC0-1.0';
const PIECES = [
  { file: 'satie-gymnopedie-1.mid', title: 'Gymnopédie No. 1', composer: 'Erik Satie', score: satieGymnopedie() },
  { file: 'bach-prelude-c.mid', title: 'Prelude in C major', composer: 'J. S. Bach', score: bachPrelude() },
  { file: 'chopin-prelude-e-minor.mid', title: 'Prelude in E minor', composer: 'Frédéric Chopin', score: chopinPrelude() },
];

/** Writes the MIDI files and their list, index.json, into `folder`. */
export async function writePieces(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const index = PIECES.map(({ file, title, composer }) => ({ file, title, composer, licence: LICENCE }));
  await writeFile(`${folder}/index.json`, `${JSON.stringify(index, null, 2)}\n`);
  await Promise.all(PIECES.map(({ file, score }) => writeFile(`${folder}/${file}`, score.toMidi())));
}
