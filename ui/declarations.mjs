/** Writes the declaration files of the package: what its scripts export, and no more. `node ui/declarations.mjs FOLDER` */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';

const ENTRIES = {
  anypiano: 'ui/anypiano.ts',
  'anypiano-node': 'worklet/anypiano-node.ts',
  'anypiano-inline': 'worklet/inlined.ts',
};

/** @param {string} folder where they go */
async function writeDeclarations(folder) {
  const bundle = await rollup({
    input: ENTRIES,
    plugins: [dts({ tsconfig: 'tsconfig.json' })],
    onwarn: (warning) => {
      throw new Error(warning.message);
    },
  });
  await bundle.write({ dir: folder, entryFileNames: '[name].d.ts', chunkFileNames: 'anypiano-[name].d.ts' });
  await bundle.close();
  // A script for the audio thread, of which a page takes nothing but the address.
  await writeFile(join(folder, 'anypiano-processor.d.ts'), 'export {};\n');
}

await writeDeclarations(process.argv[2]);
