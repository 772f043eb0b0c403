/** The package as npm packs it, installed into a project of its own; nothing is downloaded. */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const ROOT = resolve(import.meta.dirname, '../..');
const MODULES = join(ROOT, 'node_modules');
/** What projects bring besides the package. */
const TOOLS = ['@sveltejs/vite-plugin-svelte', '@types/audioworklet', '@types/react', '@types/react-dom', '@vitejs/plugin-vue', 'react', 'react-dom', 'svelte', 'tone', 'typescript', 'vite', 'vue'];

export const runCommand = promisify(execFile);

export interface PackageJson {
  readonly name: string;
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
}

export interface InstalledPackage {
  readonly tarball: string;
  /** Bytes of the tarball. */
  readonly bytes: number;
  /** Where the package lies. */
  readonly folder: string;
  readonly packageJson: PackageJson;
  /** An empty project that has it in its `node_modules`. */
  readonly project: string;
  /** Paths of its files. */
  files(): Promise<string[]>;
  /** Makes a folder inside the project, with these files or as a copy of another folder. */
  app(name: string, content: Readonly<Record<string, string>> | string): Promise<string>;
  remove(): Promise<void>;
}

/** Packs what `npm run build` made, without building again, and installs it. */
export async function installPackage(): Promise<InstalledPackage> {
  const project = await mkdtemp(join(tmpdir(), 'anypiano-project-'));
  const { stdout } = await runCommand('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', project], { cwd: ROOT, maxBuffer: 2 ** 24 });
  const [packed] = JSON.parse(stdout) as [{ filename: string; size: number }];
  const tarball = join(project, packed.filename);
  const folder = join(project, 'node_modules', 'anypiano');
  await mkdir(folder, { recursive: true });
  await runCommand('tar', ['-xzf', tarball, '-C', folder, '--strip-components', '1']);
  const packageJson = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as PackageJson;
  // Dependencies come from the repository's own; what the package forgot to name is not there.
  for (const name of [...Object.keys(packageJson.dependencies), ...TOOLS]) {
    const link = join(project, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(MODULES, name), link);
  }
  await writeFile(join(project, 'package.json'), '{"private": true, "type": "module"}\n');
  return {
    tarball,
    bytes: packed.size,
    folder,
    packageJson,
    project,
    files: async () => {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1).replaceAll('\\', '/'));
    },
    app: async (name, content) => {
      const app = join(project, name);
      if (typeof content === 'string') await cp(join(ROOT, content), app, { recursive: true });
      else {
        await mkdir(app, { recursive: true });
        for (const [file, text] of Object.entries(content)) await writeFile(join(app, file), text);
      }
      return app;
    },
    remove: () => rm(project, { recursive: true, force: true }),
  };
}
