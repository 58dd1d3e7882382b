// The sample site on the fake GitHub: its people, its repository, its drafts.
import { sampleFiles } from './content.mjs';

const OWNER = 'editor';
const NAME = 'harbour';
export const REPOSITORY = `${OWNER}/${NAME}`;

const asFile = (content) =>
  typeof content === 'string' ? { content } : { base64: content.toString('base64') };

/**
 * Makes the repository, which the editor owns and everybody may read.
 * @param {{post(path: string, body: object): Promise<any>}} control the fake hosts' control endpoint
 * @param {{private?: boolean}} options a private one is the editor's alone
 */
export async function addSampleSite(control, options = {}) {
  const files = [...sampleFiles()].map(([path, content]) => [path, asFile(content)]);
  await control.post('repositories', {
    owner: OWNER,
    name: NAME,
    private: Boolean(options.private),
    files: Object.fromEntries(files),
  });
}

/** Calls the API as the owner of a token. */
export async function callGitHub(hosts, token, method, path, body) {
  const response = await fetch(hosts.github + path, {
    method,
    headers: { Authorization: `Bearer ${token}` },
    body: body && JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  return text === '' ? null : JSON.parse(text);
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

async function addDraft(hosts, { author, token, repository, branch, title, files, status }) {
  await hosts.control.post('commits', { repository, branch, author, message: title, files });
  const [owner] = repository.split('/');
  const pull = await callGitHub(hosts, token, 'POST', `/repos/${REPOSITORY}/pulls`, {
    title,
    head: `${owner}:${branch}`,
    base: 'main',
    body: 'A draft of the sample site.',
  });
  if (!status) return;
  const labels = { labels: [`static-cms/${status}`] };
  const path = `/repos/${REPOSITORY}/issues/${pull.number}/labels`;
  await callGitHub(hosts, token, 'POST', path, labels);
}

/** Puts two entries of the editor on the board. */
export async function addDrafts(hosts) {
  const by = { author: OWNER, token: hosts.tokens[OWNER], repository: REPOSITORY };
  await addDraft(hosts, {
    ...by,
    branch: 'cms/posts/post-03',
    title: 'Update Post “post-03”',
    files: renamed('03', '03 Anchor, polished'),
    status: 'draft',
  });
  await addDraft(hosts, {
    ...by,
    branch: 'cms/posts/winter-harbour',
    title: 'Create Post “winter-harbour”',
    files: written('winter-harbour', 'Winter harbour'),
    status: 'pending_review',
  });
}

const VISITOR = 'visitor';

/** Adds a third person, who has suggested an entry from a fork. */
export async function addSuggestion(hosts) {
  const token = `${VISITOR}-token`;
  await hosts.control.post('users', {
    login: VISITOR,
    name: 'Vera Visitor',
    tokens: [{ value: token }],
  });
  const fork = await callGitHub(hosts, token, 'POST', `/repos/${REPOSITORY}/forks`);
  await addDraft(hosts, {
    author: VISITOR,
    token,
    repository: fork.full_name,
    branch: `cms/${fork.full_name}/posts/message-in-a-bottle`,
    title: 'Create Post “message-in-a-bottle”',
    files: written('message-in-a-bottle', 'Message in a bottle'),
  });
}

/** What a config.yml says of the repository. */
export const githubConfig = (hosts) => ({
  repo: REPOSITORY,
  branch: 'main',
  api_root: hosts.github,
});
