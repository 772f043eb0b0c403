/** `npm run bench -- kernel`: the WaveNet kernel against a loop of multiply-adds and against other runtimes, in one run. */
import { parseArgs } from 'node:util';
import { measureNetworks, measureStrings, type Contenders, type NetworkTimes } from './kernel/measure.ts';
import { nativePeer } from './kernel/peers/onnx-node.ts';
import { installPeers } from './kernel/peers/packages.ts';
import { onnxWebFiles, tfjsFiles } from './kernel/peers/site-files.ts';
import { barsOf, describeBars, describeNetworks, describeStrings, reportNetworks, type KernelReport } from './kernel/report.ts';
import { inBrowser, type SiteFiles } from './kernel/site.ts';
import { Progress } from './progress.ts';

const CHANNELS = [16, 24, 32];
/** The size that the bars and the shares of the last line are of. */
const STATED_CHANNELS = 24;

/** Measures networks of each number of channels in a headless Chromium: the build that it prefers, without peers. */
export async function measureInBrowser(channels: readonly number[]): Promise<KernelReport> {
  return inBrowser({}, async (openPage) => {
    const times: NetworkTimes[] = [];
    for (const count of channels) times.push(await measureNetworks(await openPage(), count, { everywhere: false, webPeers: [] }));
    return reportNetworks(channels, times);
  });
}

/** Which peers take part, and what the site has to serve for them. */
async function choosePeers(wanted: boolean): Promise<Contenders & { readonly files: SiteFiles }> {
  if (!wanted) {
    console.log('Peers are left out');
    return { everywhere: true, webPeers: [], files: {} };
  }
  const tfjs = await tfjsFiles();
  if (!(await installPeers())) return { everywhere: true, webPeers: ['tfjs'], files: tfjs };
  const files = { ...tfjs, ...(await onnxWebFiles(CHANNELS)) };
  const native = nativePeer();
  return { everywhere: true, webPeers: ['tfjs', 'onnxruntime-web'], files, ...(native && { native }) };
}

/** Runs the benchmark. @throws WrongResult where a contender differs from the float64 reference */
export async function kernel(args: string[]): Promise<void> {
  const { values: options } = parseArgs({
    args,
    options: { json: { type: 'boolean', default: false }, 'no-peers': { type: 'boolean', default: false } },
  });
  const { files, ...contenders } = await choosePeers(!options['no-peers']);
  const progress = new Progress();
  const { report, strings } = await inBrowser(files, async (openPage) => {
    const times: NetworkTimes[] = [];
    for (const count of CHANNELS) {
      progress.step(`${count} channels`);
      const page = await openPage();
      times.push(await measureNetworks(page, count, contenders));
      await page.close();
    }
    progress.step('strings');
    return { report: reportNetworks(CHANNELS, times), strings: await measureStrings(await openPage()) };
  });
  progress.clear();
  const stated = report.networks.find(({ channels }) => channels === STATED_CHANNELS)!;
  const bars = barsOf(stated);
  console.log([...describeNetworks(report), '', ...describeBars(STATED_CHANNELS, bars), '', ...describeStrings(strings)].join('\n'));
  if (options.json) console.log(JSON.stringify({ shareOfFma: stated.shareOfFma, channels: STATED_CHANNELS, ...report, bars, strings }));
}
