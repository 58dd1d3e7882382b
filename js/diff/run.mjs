// run.mjs [--only=text]: the same scenarios through the CMS's own backend of each host and
// through ours, on two equal fake hosts. The CMS must get the same answers and the repositories
// must end the same, but for the defects in defects/. The text picks from 'host: scenario'.
import { chromium } from 'playwright-core';
import { args, executablePath } from '../../scripts/browser.mjs';
import { DEFECTS } from './defects/index.mjs';
import { compareOn } from './lib/comparison.mjs';
import { startPages } from './lib/pages.mjs';

const only = process.argv.find((arg) => arg.startsWith('--only='))?.slice('--only='.length) ?? '';

const site = await startPages();
const browser = await chromium.launch({ executablePath, args });
// They spend most of their time on waiting, each for its own fakes.
const counts = await Promise.all(
  Object.keys(DEFECTS).map((host) => {
    const isWanted = (scenario) => `${host}: ${scenario}`.includes(only);
    return compareOn(host, { browser, site, isWanted });
  }),
);
await browser.close();
await site.stop();
const sum = (name) => counts.reduce((all, count) => all + count[name], 0);
const [passed, failed] = [sum('passed'), sum('failed')];
console.log(`diff: ${passed} passed, ${failed} failed`);
// A filter that names nothing must not look like success.
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
