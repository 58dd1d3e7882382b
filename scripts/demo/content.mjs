// The files of the sample site, as a Map from path to text or bytes. The same
// Map fills a Git repository and the memory of test-repo.
import { readFileSync } from 'node:fs';
import { gradientPNG } from './png.mjs';

export const POST_COUNT = 60;

const SUBJECTS = ['Harbour', 'Lighthouse', 'Tide', 'Anchor', 'Compass', 'Sail'];
const MOODS = ['at dawn', 'in the fog', 'after the storm', 'on a calm day', 'by night'];

const two = (n) => String(n).padStart(2, '0');

function post(n) {
  const subject = SUBJECTS[n % SUBJECTS.length];
  const title = `${two(n)} ${subject} ${MOODS[n % MOODS.length]}`;
  const date = `${2021 + (n % 5)}-${two(1 + (n % 12))}-${two(1 + (n % 28))}`;
  return [
    '---',
    `title: ${title}`,
    `date: ${date}`,
    `draft: ${n % 7 === 0}`,
    'tags:',
    `  - ${subject.toLowerCase()}`,
    '  - sea',
    `image: /images/cover-${1 + (n % 4)}.png`,
    '---',
    `# ${title}`,
    '',
    `Notes number ${n} from the quay. Umlauts äöü and a wave 🌊 come along.`,
    '',
  ].join('\n');
}

function page(title, weight, body) {
  return `---\ntitle: ${title}\nweight: ${weight}\n---\n${body}\n`;
}

function doc(title, body) {
  return `---\ntitle: ${title}\n---\n${body}\n`;
}

function addPosts(files) {
  for (let n = 1; n <= POST_COUNT; n++) files.set(`content/posts/post-${two(n)}.md`, post(n));
}

function addSite(files) {
  const settings = { name: 'Mooring demo', tagline: 'A place to tie up' };
  files.set('data/settings.json', `${JSON.stringify(settings, null, 2)}\n`);
  files.set('content/about.md', '---\ntitle: About\n---\nA sample site to edit.\n');
}

function addPages(files) {
  files.set('content/pages/welcome.en.md', page('Welcome', 1, 'Come aboard.'));
  files.set('content/pages/welcome.de.md', page('Willkommen', 1, 'Kommen Sie an Bord.'));
  files.set('content/pages/contact.en.md', page('Contact', 2, 'Call the harbour.'));
  files.set('content/pages/contact.de.md', page('Kontakt', 2, 'Rufen Sie den Hafen.'));
}

function addDocs(files) {
  files.set('content/docs/_index.md', doc('Docs', 'Where to begin.'));
  files.set('content/docs/guide/_index.md', doc('Guide', 'How to sail.'));
  files.set('content/docs/guide/knots/_index.md', doc('Knots', 'What holds the boat.'));
  files.set('content/docs/guide/charts/_index.md', doc('Charts', 'Where the rocks are.'));
  files.set('content/docs/reference/_index.md', doc('Reference', 'All of the words.'));
  files.set('content/docs/reference/flags/_index.md', doc('Flags', 'What they say.'));
}

function addImages(files) {
  const colours = [
    [
      [12, 53, 106],
      [120, 190, 220],
    ],
    [
      [120, 40, 30],
      [240, 180, 90],
    ],
    [
      [20, 80, 60],
      [190, 230, 160],
    ],
    [
      [60, 40, 90],
      [220, 160, 210],
    ],
  ];
  colours.forEach(([from, to], i) => {
    files.set(`static/images/cover-${i + 1}.png`, gradientPNG(320, 180, from, to));
  });
  files.set('static/images/boats/dinghy.png', gradientPNG(160, 90, [30, 30, 30], [200, 200, 200]));
  files.set('static/images/boats/ketch.png', gradientPNG(160, 90, [90, 30, 30], [250, 220, 200]));
}

/** Every file of the sample site, its admin/config.yml included. */
export function sampleFiles() {
  const files = new Map();
  addPosts(files);
  addSite(files);
  addPages(files);
  addDocs(files);
  addImages(files);
  const config = new URL('../../js/examples/site/admin/config.yml', import.meta.url);
  files.set('admin/config.yml', readFileSync(config, 'utf8'));
  return files;
}
