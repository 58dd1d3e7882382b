// The scenarios on one host, each on both sides.
import { BUILTINS } from '../../../scripts/demo/hosts/builtin.mjs';
import { HOSTS } from '../../../scripts/demo/hosts/index.mjs';
import { DEFECTS } from '../defects/index.mjs';
import { scenariosFor } from '../scenarios.mjs';
import { bothFit, differences, judge } from './compare.mjs';
import { Side } from './side.mjs';

/** Only what hangs takes so long. */
const PATIENCE = 60_000;

async function runSide([name, side], scenario) {
  let timer;
  const hangs = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${PATIENCE / 1000} s`)), PATIENCE);
  });
  try {
    return await Promise.race([side.run(scenario), hangs]);
  } catch (error) {
    throw new Error(`${name}: ${error.message}\n${side.log.slice(-20).join('\n')}`);
  } finally {
    clearTimeout(timer);
  }
}

/** What a scenario came to on either side, when both are done. */
async function runBoth(sides, scenario) {
  const runs = Object.entries(sides).map((side) => runSide(side, scenario));
  await Promise.allSettled(runs);
  return Promise.all(runs);
}

/** Answers what is wrong. */
async function compare(sides, scenario, listed, isEverywhere) {
  try {
    const [builtin, ours] = await runBoth(sides, scenario);
    return judge(differences(builtin, ours), listed, isEverywhere);
  } catch (error) {
    return [error.message];
  }
}

function print(name, wrong, ms) {
  const seconds = (ms / 1000).toFixed(1);
  if (wrong.length === 0) console.log(`ok     ${name} (${seconds} s)`);
  else
    console.log(`FAILED ${name} (${seconds} s)\n${wrong.join('\n').replaceAll(/^/gm, '       ')}`);
}

/** The list must stay true: each scenario that it names is one that runs. */
function checkNames(host, names) {
  const listed = DEFECTS[host].flatMap(({ shown = {} }) => Object.keys(shown));
  return listed
    .filter((name) => !names.includes(name))
    .map((name) => `${host}: the list of defects names “${name}”, which is not run`);
}

/** The defects that show wherever a place fits, and which of them were seen. */
class Everywhere {
  #unseen;

  constructor(defects) {
    this.defects = defects.filter(({ everywhere }) => everywhere);
    this.#unseen = new Set(this.defects);
  }

  explains = (place, pair) => {
    const fitting = this.defects.filter(
      ({ everywhere }) => everywhere.place.test(place) && bothFit(pair, everywhere.sides),
    );
    for (const each of fitting) this.#unseen.delete(each);
    return fitting.length > 0;
  };

  /** What is wrong once all scenarios have run. */
  missing(host) {
    return [...this.#unseen].map(
      ({ defect }) => `${host}: nowhere found, though listed: ${defect}`,
    );
  }
}

/**
 * @param {string} host one of BUILTINS
 * @param {{browser: object, site: object, isWanted: (scenario: string) => boolean}} options
 * @returns {Promise<{passed: number, failed: number}>}
 */
export async function compareOn(host, { browser, site, isWanted }) {
  const { name: builtin, can } = BUILTINS[host];
  const scenarios = Object.entries(scenariosFor(can));
  const wanted = scenarios.filter(([name]) => isWanted(name));
  if (wanted.length === 0) return { passed: 0, failed: 0 };
  const kind = HOSTS[host];
  const sides = {
    builtin: await Side.open({ kind, builtin }, browser, site),
    ours: await Side.open({ kind }, browser, site),
  };
  const everywhere = new Everywhere(DEFECTS[host]);
  let passed = 0;
  for (const [name, scenario] of wanted) {
    const start = Date.now();
    const defects = DEFECTS[host].filter(({ shown = {} }) => name in shown);
    const listed = defects.map(({ defect, shown }) => [defect, shown[name]]);
    const wrong = await compare(sides, scenario, listed, everywhere.explains);
    print(`${host}: ${name}`, wrong, Date.now() - start);
    if (wrong.length === 0) passed++;
  }
  await Promise.all(Object.values(sides).map((side) => side.close()));
  const stale = checkNames(host, Object.keys(scenariosFor(can)));
  if (wanted.length === scenarios.length) stale.push(...everywhere.missing(host));
  for (const entry of stale) console.log(`FAILED ${entry}`);
  return { passed, failed: wanted.length - passed + stale.length };
}
