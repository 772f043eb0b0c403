/** Finds a Chromium to run tests and benchmarks in, and starts it headless. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium, type Browser } from 'playwright-core';

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/opt/google/chrome/chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--autoplay-policy=no-user-gesture-required',
  // An exact heap size, and a collector that a test may call.
  '--enable-precise-memory-info',
  '--js-flags=--expose-gc',
];

interface BrowserFiles {
  readonly executablePath: string;
  /** Folder of shared libraries that the browser brings with it. */
  readonly libraries?: string;
}

/** The browser that CHROME_PATH names (`npm`: the one from the registry), else an installed one, else the one from npm. */
export async function findBrowser(): Promise<BrowserFiles> {
  const named = process.env['CHROME_PATH'];
  if (named === 'npm') return unpackBrowser();
  if (named !== undefined && named !== '') {
    if (!existsSync(named)) throw new Error(`CHROME_PATH: no browser at ${named}`);
    return { executablePath: named };
  }
  const installed = INSTALLED.find((path) => existsSync(path));
  return installed === undefined ? unpackBrowser() : { executablePath: installed };
}

/** Starts the browser; the caller closes it. */
export async function startBrowser(flags: readonly string[] = []): Promise<Browser> {
  const { executablePath, libraries } = await findBrowser();
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) env[name] = value;
  if (libraries !== undefined) {
    env['LD_LIBRARY_PATH'] = [libraries, env['LD_LIBRARY_PATH']].filter(Boolean).join(':');
  }
  return chromium.launch({ executablePath, args: [...FLAGS, ...flags], env, headless: true });
}

/** Unpacks the browser; an own process, since the package takes both its settings from the environment. */
const UNPACK = "require(process.argv[1]).executablePath().catch((error) => { console.error(error); process.exit(1); })";

/**
 * Unpacks the Chromium of `@sparticuz/chromium` once, with the libraries (NSS,
 * NSPR, expat) that a bare machine lacks. The package unpacks these only where
 * it believes to run on Amazon Linux, and always into the folder for temporary
 * files.
 */
async function unpackBrowser(): Promise<BrowserFiles> {
  const folder = join(tmpdir(), 'anypiano-chromium-147');
  if (!existsSync(folder)) {
    const partial = await mkdtemp(`${folder}-`);
    const pack = createRequire(import.meta.url).resolve('@sparticuz/chromium');
    const env = { ...process.env, TMPDIR: partial, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' };
    try {
      await promisify(execFile)(process.execPath, ['-e', UNPACK, pack], { env });
      // Another process may have been quicker; its copy serves as well.
      await rename(partial, folder).catch(() => undefined);
    } finally {
      await rm(partial, { recursive: true, force: true });
    }
  }
  return { executablePath: join(folder, 'chromium'), libraries: join(folder, 'al2023', 'lib') };
}
