// The sample site on a fake host: its people, its repository, its drafts.
import { sampleFiles } from './content.mjs';

const OWNER = 'editor';
export const REPOSITORY = `${OWNER}/harbour`;

const asFile = (content) =>
  typeof content === 'string' ? { content } : { base64: content.toString('base64') };

/**
 * Makes the repository, which the editor may write to and everybody may read.
 * @param {import('./fakehosts.mjs').Control} control
 * @param {{repository?: string, private?: boolean}} options a private one is the editor's alone
 */
export async function addSampleSite(control, options = {}) {
  const repository = options.repository ?? REPOSITORY;
  const at = repository.lastIndexOf('/');
  await control.post('repositories', {
    owner: repository.slice(0, at),
    name: repository.slice(at + 1),
    private: Boolean(options.private),
    files: Object.fromEntries([...sampleFiles()].map(([path, content]) => [path, asFile(content)])),
    permissions: { [OWNER]: 'admin' },
  });
}

function renamed(number, title) {
  const path = `content/posts/post-${number}.md`;
  const old = sampleFiles().get(path);
  return { [path]: { content: old.replace(/^title: .*$/m, `title: ${title}`) } };
}

function written(slug, title) {
  const head = `---\ntitle: ${title}\ndate: 2026-01-15\ndraft: false\n---\n`;
  return { [`content/posts/${slug}.md`]: { content: `${head}Written by hand.\n` } };
}

async function addDraft({ control, client }, { author, branch, title, files, status, fork }) {
  const repository = fork ?? REPOSITORY;
  await control.post('commits', { repository, branch, author, message: title, files });
  const body = 'A draft of the sample site.';
  const head = fork ? `${author}:${branch}` : branch;
  const number = await client.openPull(REPOSITORY, { title, head, body });
  if (status) await client.label(REPOSITORY, number, [`static-cms/${status}`]);
}

/**
 * Puts two entries of the editor on the board.
 * @param {import('./hosts/index.mjs').HostKind} kind
 */
export async function addDrafts(kind, hosts) {
  const to = { control: hosts.control, client: kind.client(hosts, hosts.tokens[OWNER]) };
  await addDraft(to, {
    author: OWNER,
    branch: 'cms/posts/post-03',
    title: 'Update Post “post-03”',
    files: renamed('03', '03 Anchor, polished'),
    status: 'draft',
  });
  await addDraft(to, {
    author: OWNER,
    branch: 'cms/posts/winter-harbour',
    title: 'Create Post “winter-harbour”',
    files: written('winter-harbour', 'Winter harbour'),
    status: 'pending_review',
  });
}

const VISITOR = 'visitor';

/** Adds a third person, who has suggested an entry from a fork. */
export async function addSuggestion(kind, hosts) {
  const { control } = hosts;
  const token = `${VISITOR}-token`;
  await control.post('users', { login: VISITOR, name: 'Vera Visitor', tokens: [{ value: token }] });
  const client = kind.client(hosts, token);
  const fork = await client.fork(REPOSITORY);
  await addDraft(
    { control, client },
    {
      author: VISITOR,
      fork,
      branch: `cms/${fork}/posts/message-in-a-bottle`,
      title: 'Create Post “message-in-a-bottle”',
      files: written('message-in-a-bottle', 'Message in a bottle'),
    },
  );
}
