// Prints what each given file costs to load, and fails when one is over the
// budget: size.mjs --budget=BYTES FILE...
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const budgetFlag = process.argv.find((arg) => arg.startsWith('--budget='));
const budget = Number(budgetFlag?.slice('--budget='.length) ?? Number.POSITIVE_INFINITY);
const files = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));

if (Number.isNaN(budget) || files.length === 0) {
  console.error('usage: size.mjs --budget=BYTES FILE...');
  process.exit(2);
}

function brotliSize(bytes) {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  return brotliCompressSync(bytes, { params }).length;
}

for (const file of files) {
  const bytes = readFileSync(file);
  const gzip = gzipSync(bytes, { level: 9 }).length;
  const brotli = brotliSize(bytes);
  console.log(`${basename(file)} raw=${bytes.length} gzip=${gzip} brotli=${brotli}`);
  if (brotli > budget) {
    console.error(
      `${basename(file)} is ${brotli - budget} bytes over the budget of ${budget} bytes brotli`,
    );
    process.exitCode = 1;
  }
}
