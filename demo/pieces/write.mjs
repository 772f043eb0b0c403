/** The pieces that the page brings along: works in the public domain, our own encoding of them dedicated with CC0 1.0. */
import { mkdir, writeFile } from 'node:fs/promises';
import { bachPrelude } from './bach-prelude.mjs';
import { chopinPrelude } from './chopin-prelude.mjs';
import { satieGymnopedie } from './satie-gymnopedie.mjs';

const LICENCE = 'CC0-1.0';
const PIECES = [
  { file: 'satie-gymnopedie-1.mid', composer: 'Erik Satie', score: satieGymnopedie() },
  { file: 'bach-prelude-c.mid', composer: 'Johann Sebastian Bach', score: bachPrelude() },
  { file: 'chopin-prelude-e-minor.mid', composer: 'Frédéric Chopin', score: chopinPrelude() },
];

/** Writes the MIDI files and their list, index.json, into `folder`. */
export async function writePieces(folder) {
  await mkdir(folder, { recursive: true });
  const index = PIECES.map(({ file, composer, score }) => ({ file, title: score.title, composer, licence: LICENCE }));
  await writeFile(`${folder}/index.json`, `${JSON.stringify(index, null, 2)}\n`);
  await Promise.all(PIECES.map(({ file, score }) => writeFile(`${folder}/${file}`, score.toMidi())));
}
