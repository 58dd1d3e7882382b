// Runs the benchmarks: node js/bench/run.mjs [--only=group]. A host's name stands for all groups
// whose names begin so, such as github-save. Prints a table, writes results.json, and fails when
// a figure is over its limit.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { openBench } from './lib/bench.mjs';
import { BENCHED } from './lib/hosts.mjs';
import { table } from './lib/table.mjs';

// The file of a group, and its host, by the group's name.
const all = new Map(['startup', 'page', 'proxy'].map((file) => [file, { file }]));
for (const host of Object.keys(BENCHED)) {
  for (const file of ['lists', 'large', 'save', 'board'])
    all.set(`${host}-${file}`, { file, host });
}
// The hosts whose large files we store ourselves.
for (const host of ['github', 'bitbucket']) all.set(`${host}-lfs`, { file: 'lfs', host });
const groups = [...all.keys()];

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
    const { file, host } = all.get(group);
    const { run } = await import(`./groups/${file}.mjs`);
    for (const result of await run(bench, host)) results.push({ group, ...result });
  }
} finally {
  await bench.close();
}

writeFileSync(new URL('results.json', import.meta.url), `${JSON.stringify(results, null, 2)}\n`);
console.log(table(results));
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
