// sample-site.mjs DIR: makes the sample site as a Git repository in DIR.
import { makeSampleSite } from './demo/site.mjs';

const dir = process.argv[2];
if (!dir) {
  console.error('usage: sample-site.mjs DIR');
  process.exit(2);
}
console.log(makeSampleSite(dir));
