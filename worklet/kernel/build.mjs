/** Compiles the kernel to WebAssembly, once with relaxed SIMD (fused multiply-add) and once without. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const OPTIONS = [
  // Above -O1 the optimiser reorders the tiles until their accumulators spill: a third of the speed.
  '-O1',
  '--noAssert',
  '--runtime', 'stub',
  // The host lays out the memory and gives it; nothing in the kernel allocates.
  '--importMemory',
  // Constants come first; `Layout` starts behind them.
  '--memoryBase', '64',
  '--use', 'abort=',
  '--enable', 'simd',
];

/** Writes anypiano-relaxed.wasm and anypiano-plain.wasm into `outDir`. @throws Error with the compiler's messages */
export async function buildKernel(outDir) {
  await mkdir(outDir, { recursive: true });
  await compile(join(outDir, 'anypiano-relaxed.wasm'), ['--enable', 'relaxed-simd']);
  await compile(join(outDir, 'anypiano-plain.wasm'), []);
}

async function compile(outFile, features) {
  const entry = join(FOLDER, 'index.ts');
  const { error, stderr } = await asc.main([entry, '--baseDir', ROOT, '--outFile', outFile, ...OPTIONS, ...features]);
  if (error) throw new Error(`The kernel does not compile: ${error.message}\n${stderr.toString()}`);
}
