/** Writes the declaration files of the package: what its scripts export, and no more. `node ui/declarations.mjs FOLDER` */
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
}

await writeDeclarations(process.argv[2]);
