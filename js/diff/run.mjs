// run.mjs [--only=text]: the same scenarios through the CMS's own GitHub backend and
// through ours, on two equal fake GitHubs. The CMS must get the same answers and the
// repositories must end the same, but for the defects in defects/.
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { args, executablePath } from '../../scripts/browser.mjs';
import { startSite } from '../../scripts/demo/server.mjs';
import { DEFECTS } from './defects/index.mjs';
import { differences, judge } from './lib/compare.mjs';
import { Side } from './lib/side.mjs';
import { SCENARIOS } from './scenarios.mjs';

const only = process.argv.find((arg) => arg.startsWith('--only='))?.slice('--only='.length) ?? '';

function serve(name, type) {
  const body = readFileSync(new URL(`page/${name}`, import.meta.url));
  return (_, response) => {
    response.writeHead(200, { 'Content-Type': type });
    response.end(body);
  };
}

const site = await startSite({
  port: 0,
  config: '',
  overrides: new Map([
    ['/diff/', serve('index.html', 'text/html')],
    ...['page.mjs', 'answers.mjs', 'sequences.mjs'].map((name) => [
      `/diff/${name}`,
      serve(name, 'text/javascript'),
    ]),
  ]),
});
const browser = await chromium.launch({ executablePath, args });
const sides = {
  builtin: await Side.open('builtin', browser, site),
  ours: await Side.open('ours', browser, site),
};

/** Only what hangs takes so long. */
const PATIENCE = 60_000;

async function runSide([kind, side], scenario) {
  let timer;
  const hangs = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${PATIENCE / 1000} s`)), PATIENCE);
  });
  try {
    return await Promise.race([side.run(scenario), hangs]);
  } catch (error) {
    throw new Error(`${kind}: ${error.message}\n${side.log.slice(-20).join('\n')}`);
  } finally {
    clearTimeout(timer);
  }
}

/** What a scenario came to on either side, when both are done. */
async function runBoth(scenario) {
  const runs = Object.entries(sides).map((side) => runSide(side, scenario));
  await Promise.allSettled(runs);
  return Promise.all(runs);
}

async function runScenario(name, scenario) {
  const start = Date.now();
  let wrong;
  try {
    const [builtin, ours] = await runBoth(scenario);
    wrong = judge(
      differences(builtin, ours),
      DEFECTS.filter(({ shown }) => name in shown).map(({ defect, shown }) => [
        defect,
        shown[name],
      ]),
    );
  } catch (error) {
    wrong = [error.message];
  }
  const seconds = ((Date.now() - start) / 1000).toFixed(1);
  if (wrong.length === 0) console.log(`ok     ${name} (${seconds} s)`);
  else
    console.log(`FAILED ${name} (${seconds} s)\n${wrong.join('\n').replaceAll(/^/gm, '       ')}`);
  return wrong.length === 0;
}

let passed = 0;
let failed = 0;
for (const [name, scenario] of Object.entries(SCENARIOS)) {
  if (!name.includes(only)) continue;
  if (await runScenario(name, scenario)) passed++;
  else failed++;
}
await browser.close();
await site.stop();
await Promise.all(Object.values(sides).map((side) => side.fake.stop()));
for (const name of DEFECTS.flatMap(({ shown }) => Object.keys(shown))) {
  if (name in SCENARIOS) continue;
  console.log(`FAILED the list of defects names a scenario that there is none of: ${name}`);
  failed++;
}
console.log(`diff: ${passed} passed, ${failed} failed`);
// A filter that names nothing must not look like success.
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
