/** The licences of the libraries inside the built scripts, as their packages have them. */
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const NOTICE = /^(?:licen[cs]e|copying|notice)(?:[.-].*)?$/i;

/**
 * @param {readonly string[]} inputs paths of the modules that were bundled
 * @param {string} file that is written
 * @throws Error if a package says neither a licence nor has its text
 */
export async function writeLicences(inputs, file) {
  // What was left out is there by its name, as `(disabled):…`.
  const folders = inputs.flatMap((path) => (/^(?:[\w-]+:)?(.*?node_modules\/(?:@[^/]+\/)?[^/]+(?:\/node_modules\/(?:@[^/]+\/)?[^/]+)*)/.exec(path.startsWith('(') ? '' : path)?.[1] ?? []));
  const sections = [];
  for (const folder of [...new Set(folders)].sort()) {
    const { name, version, license, author } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    const notices = (await readdir(folder)).filter((entry) => NOTICE.test(entry) && !/\.(?:js|ts|json)$/.test(entry)).sort();
    if (license === undefined && notices.length === 0) throw new Error(`${name} says no licence`);
    const texts = await Promise.all(notices.map((notice) => readFile(join(folder, notice), 'utf8')));
    const by = typeof author === 'object' ? author.name : author;
    sections.push([`${name} ${version} (${license ?? 'see below'})${by === undefined ? '' : `, by ${by}`}`, ...texts.map((text) => text.trim())].join('\n\n'));
  }
  await writeFile(file, `Libraries inside the scripts of anypiano, and their licences.\n\n${sections.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`);
}
