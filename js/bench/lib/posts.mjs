// Entries of about 2 kB, as people write them.

const SENTENCE = 'The tide comes in twice a day, and whoever is late for it waits on the quay. ';

export function post(title) {
  const head = ['---', `title: ${title}`, 'date: 2026-01-15', 'draft: false', 'tags:', '  - sea'];
  const paragraph = `${title}: ${SENTENCE.repeat(4)}`;
  const body = Array.from({ length: 6 }, (_, i) => `## Part ${i + 1}\n\n${paragraph}`);
  return `${[...head, '---', '', ...body].join('\n')}\n`;
}

const digits = (n, count) => String(n).padStart(count, '0');

/** count entries in one folder: text by path. */
export function posts(count) {
  const files = {};
  for (let i = 0; i < count; i++) files[path(slug(i))] = post(slug(i));
  return files;
}

export const slug = (i) => `post-${digits(i, 4)}`;
export const path = (name) => `content/posts/${name}.md`;

/** count entries in folders of ten, ten of these in a folder, and so on. */
export function docs(count) {
  const files = {};
  for (let i = 0; i < count; i++) {
    const name = digits(i, 5);
    files[`content/docs/${[...name.slice(0, -1)].join('/')}/${name}.md`] = post(`Page ${name}`);
  }
  return files;
}
