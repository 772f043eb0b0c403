/** `npm run bench -- page`: what the page weighs, and how soon it sounds. */
import { parseArgs } from 'node:util';
import { numberOption } from '../model/cli/options.ts';
import { startBrowser } from '../test/browser/find-browser.ts';
import { bundle, openSite } from '../test/browser/site.ts';
import { ONSET_SOURCE } from './engine/onset-processor.ts';
import { linesOf, reportOf, type Arrival, type Visit } from './page/report.ts';
import { visit } from './page/visit.ts';
import { LISTENER } from './page/visit-news.ts';
import { Progress } from './progress.ts';

const USAGE = `npm run bench -- page [options]
  --visits N   each by a browser that was never there (default: 7)
  --json       one JSON object on the last line`;

/** The browser as people have it: no sound before they touched the page. */
const NO_AUTOPLAY = '--autoplay-policy=document-user-activation-required';

/** Runs the benchmark. */
export async function page(args: string[]): Promise<void> {
  const { values: options } = parseArgs({
    args,
    options: {
      visits: { type: 'string', default: '7' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (options.help) {
    console.log(USAGE);
    return;
  }
  const count = numberOption('--visits', options.visits, { least: 1, most: 100, whole: true });
  const progress = new Progress();
  let arrivals: Arrival[] = [];
  const onSent = (path: string, bytes: number): void => void arrivals.push({ path, bytes });
  const site = await openSite({ folder: 'dist', files: { [LISTENER]: ONSET_SOURCE }, compress: true, onSent });
  const browser = await startBrowser([NO_AUTOPLAY]);
  try {
    // A block, so that its names stay its own.
    const script = `{${await bundle('bench/page/visit-page.ts')}}`;
    const visits: Visit[] = [];
    for (let i = 0; i < count; i++) {
      progress.step('visits');
      arrivals = [];
      const times = await visit(browser, `${site.address}/demo/`, script);
      visits.push({ ...times, arrivals });
    }
    progress.clear();
    const report = reportOf(visits);
    console.log(`The page in Chromium ${browser.version()}: medians of ${count} first visits\n`);
    console.log(linesOf(report).join('\n'));
    if (options.json) console.log(JSON.stringify(report));
  } finally {
    await browser.close();
    await site.close();
  }
}
