// run.mjs [--only=text] [--jobs=3] [--builtin]: the end-to-end tests. With
// --builtin the flows run on the CMS's own backends, as a yardstick: what
// fails there too is the CMS's or the test's fault.
import { chromium } from 'playwright-core';
import { args, executablePath } from '../../scripts/browser.mjs';
import { runTests } from './lib/runner.mjs';
import { openWorld } from './lib/world.mjs';
import './suites.mjs';

const flag = (name) =>
  process.argv
    .find((arg) => arg.startsWith(`--${name}=`))
    ?.split('=')
    .slice(1)
    .join('=');

const browser = await chromium.launch({ executablePath, args });

const builtin = process.argv.includes('--builtin');
const ok = await runTests({
  openWorld: (options) => openWorld(browser, { ...options, builtin }),
  only: flag('only'),
  jobs: Number(flag('jobs') ?? 3),
});
await browser.close();
// What a failure left running ends with us.
process.exit(ok ? 0 : 1);
