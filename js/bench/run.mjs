// Runs the benchmarks: node js/bench/run.mjs [--only=group]. github stands for all groups
// whose names begin so. Prints a table, writes results.json, and fails when a figure is over
// its limit.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { openBench } from './lib/bench.mjs';
import { table } from './lib/table.mjs';

const groups = [
  'startup',
  'page',
  'proxy',
  'github-lists',
  'github-large',
  'github-save',
  'github-board',
];

const { only } = parseArgs({ options: { only: { type: 'string' } } }).values;
const chosen = groups.filter((name) => [undefined, name, name.split('-')[0]].includes(only));
if (chosen.length === 0) {
  console.error(`There is no group '${only}'. The groups are ${groups.join(', ')}.`);
  process.exit(2);
}

const bench = await openBench();
const results = [];
try {
  for (const group of chosen) {
    const { run } = await import(`./groups/${group}.mjs`);
    for (const result of await run(bench)) results.push({ group, ...result });
  }
} finally {
  await bench.close();
}

writeFileSync(new URL('results.json', import.meta.url), `${JSON.stringify(results, null, 2)}\n`);
console.log(table(results));
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
