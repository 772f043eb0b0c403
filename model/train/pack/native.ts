/** The native files that a bare Linux machine lacks: Node, Dawn, the Vulkan loader, and the C++ runtime that both need. */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile, realpath, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { InputError } from '../../input-error.ts';

const run = promisify(execFile);
const brotli = promisify(brotliCompress);

/** Runtime libraries of Node and of xz that minimal systems may lack. */
const RUNTIME = ['libstdc++.so.6', 'libgcc_s.so.1', 'liblzma.so.5'];
const VULKAN_LOADERS = [
  '/usr/lib/x86_64-linux-gnu/libvulkan.so.1',
  '/usr/lib64/libvulkan.so.1',
  '/usr/lib/chromium/libvulkan.so.1',
];

async function firstThatExists(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if (await stat(path).catch(() => undefined)) return path;
  return undefined;
}

/** Copies a binary and removes its symbols, where `strip` is installed. */
async function stripped(from: string, to: string): Promise<void> {
  await copyFile(from, to);
  await run('strip', [to]).catch(() => undefined);
}

/** Paths of the shared libraries that a program was linked with, by name. */
async function librariesOf(program: string): Promise<Map<string, string>> {
  const { stdout } = await run('ldd', [program]).catch(() => ({ stdout: '' }));
  return new Map([...stdout.matchAll(/(\S+) => (\/\S+)/g)].map(([, name, path]) => [name!, path!]));
}

async function xzProgram(): Promise<string> {
  const { stdout } = await run('sh', ['-c', 'command -v xz']).catch(() => ({ stdout: '' }));
  if (stdout === '') throw new InputError('xz', 'is not installed; Node is packed with it');
  return realpath(stdout.trim());
}

/**
 * Writes `node.xz`, the tools to unpack it, and `lib/` with the libraries that
 * the other machine may lack, into `folder`.
 *
 * @param scratch a folder for what is thrown away
 * @throws InputError where this machine is no x86-64 Linux or has no xz
 */
export async function packNode(folder: string, scratch: string): Promise<void> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new InputError('pack', `needs x86-64 Linux, as its Node goes along; this is ${process.platform} ${process.arch}`);
  }
  const xz = await xzProgram();
  await mkdir(join(folder, 'lib'), { recursive: true });
  const node = join(scratch, 'node');
  await stripped(process.execPath, node);
  await run(xz, ['-9', '--force', node]);
  await copyFile(`${node}.xz`, join(folder, 'node.xz'));
  await copyFile(xz, join(folder, 'xz'));
  const libraries = new Map([...(await librariesOf(process.execPath)), ...(await librariesOf(xz))]);
  const vulkan = await firstThatExists(VULKAN_LOADERS);
  const wanted = RUNTIME.map((name) => libraries.get(name)).concat(vulkan);
  for (const path of wanted) {
    if (path !== undefined) await stripped(await realpath(path), join(folder, 'lib', basename(path)));
  }
}

/** Writes Dawn's addon for x86-64 Linux, without symbols, as `dawn.node.br` into `folder`; Node itself unpacks it. */
export async function packDawn(addon: string, folder: string, scratch: string): Promise<void> {
  const bare = join(scratch, 'dawn.node');
  await stripped(addon, bare);
  const bytes = await readFile(bare);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  await writeFile(join(folder, 'dawn.node.br'), await brotli(bytes, { params }));
}
