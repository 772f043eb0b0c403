/** The command line as `npm run build` makes it, with a small model of its own, in a folder that goes away. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { serialiseEncoder } from '../../model/extract/encoder-file.ts';
import { DEFAULT_SPEC } from '../../model/spec.ts';
import { serialiseStyle, serialiseStyleIndex } from '../../model/style.ts';
import { encoderTensors } from '../../model/train/graph/encoder.ts';
import { decoderTensors } from '../../model/tensors.ts';
import { serialiseWeights } from '../../model/weights.ts';
import { plainStyle } from '../model/files.ts';

const ROOT = resolve(import.meta.dirname, '../..');

export interface Installation {
  /** Root of the package. */
  readonly folder: string;
  /** Empty folder to work in; commands run there. */
  readonly work: string;
  remove(): Promise<void>;
}

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Builds the command line inside the repository, where it finds its packages. */
export async function install(): Promise<Installation> {
  await mkdir(join(ROOT, '.cache'), { recursive: true });
  const folder = await mkdtemp(join(ROOT, '.cache', 'cli-test-'));
  const work = join(folder, 'work');
  const styles = join(folder, 'pretrained', 'styles');
  await Promise.all([mkdir(work), mkdir(styles, { recursive: true })]);
  await Promise.all([bundle(folder), kernel(folder), model(join(folder, 'pretrained')), shippedStyle(styles)]);
  return { folder, work, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Runs a command to its end. @param onStart may send signals */
export async function run({ folder, work }: Installation, args: readonly string[], onStart: (kill: (signal: NodeJS.Signals) => void) => void = () => {}): Promise<Outcome> {
  const child = spawn(process.execPath, [join(folder, 'cli', 'anypiano.js'), ...args], { cwd: work });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  onStart((signal) => void child.kill(signal));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

/** As in build.mjs. */
const COMMON_JS = `
import { createRequire as createRequireOfBuild } from 'node:module';
const require = createRequireOfBuild(import.meta.url), { filename: __filename, dirname: __dirname } = import.meta;
`;

async function bundle(folder: string): Promise<void> {
  const script = join(ROOT, 'model/transcribe/magenta-plugin.mjs');
  const { magentaPlugin } = (await import(script)) as { magentaPlugin: Plugin };
  const packageJson = await readFile(join(ROOT, 'package.json'), 'utf8');
  const { dependencies, devDependencies } = JSON.parse(packageJson) as Record<'dependencies' | 'devDependencies', Record<string, string>>;
  await build({
    entryPoints: [join(ROOT, 'model/cli/anypiano.ts')],
    outdir: join(folder, 'cli'),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    external: Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !/^@(?:tensorflow|magenta|spotify)\//.test(name)),
    plugins: [magentaPlugin],
    banner: { js: COMMON_JS },
    logLevel: 'error',
  });
}

async function kernel(folder: string): Promise<void> {
  const script = join(ROOT, 'worklet/kernel/build.mjs');
  const { buildKernel } = (await import(script)) as { buildKernel(folder: string): Promise<void> };
  await buildKernel(folder);
}

/** All weights zero: the priors alone, which already sound like strings. */
async function model(folder: string): Promise<void> {
  const zeros = (shape: readonly number[]): Float32Array => new Float32Array(shape.reduce((product, length) => product * length, 1));
  const tensors = new Map(decoderTensors(DEFAULT_SPEC).map(({ name, shape }) => [name, zeros(shape)]));
  const encoder = new Map(encoderTensors(DEFAULT_SPEC).map(({ name, shape }) => [name, zeros(shape)]));
  await writeFile(join(folder, 'model.safetensors'), serialiseWeights({ spec: DEFAULT_SPEC, tensors }));
  await writeFile(join(folder, 'encoder.safetensors'), serialiseEncoder(DEFAULT_SPEC, (name) => encoder.get(name)!));
}

async function shippedStyle(folder: string): Promise<void> {
  const style = plainStyle({ model: DEFAULT_SPEC.id, embedding: new Array<number>(DEFAULT_SPEC.style.size).fill(0) });
  await writeFile(join(folder, `${style.id}.json`), serialiseStyle(style));
  await writeFile(join(folder, 'index.json'), serialiseStyleIndex([style]));
}
