// The fake host of one side: how a scenario begins on it, and what it came to.

const TOKENS = { editor: 'editor-token', contributor: 'contributor-token' };
export const NAMES = { editor: 'Erin Editor', contributor: 'Chris Contributor' };

/** Arranges and looks on, whatever becomes of the others' rights. */
const OBSERVER = { login: 'observer', token: 'observer-token' };

/** Where nothing else is said. */
export const REPOSITORY = 'editor/site';

export class Fake {
  /** Of the program that serves it. */
  static flags = ['--seed', 'empty'];

  /** @param {import('../../../scripts/demo/hosts/index.mjs').HostKind} kind */
  constructor(kind, hosts) {
    this.hosts = hosts;
    this.kind = kind;
    this.client = kind.client(hosts, OBSERVER.token);
  }

  /** The keys of a config's backend block, its name among them. */
  settings() {
    return { name: this.kind.backend, ...this.kind.settings(this.hosts, this.repository) };
  }

  tokensOf(login) {
    return [TOKENS[login]];
  }

  /** What a person signs in with. */
  credentials(login) {
    return { token: TOKENS[login] };
  }

  /** What nobody can sign in with. */
  wrongCredentials() {
    return { token: 'wrong' };
  }

  /** What the CMS keeps of somebody who has signed in. */
  session(login, credentials) {
    return { login, ...credentials };
  }

  stop() {
    return this.hosts.stop();
  }

  /** Arranges something: see package control of the fake hosts. */
  post(path, body) {
    return this.hosts.control.post(path, body);
  }

  /** Forgets everything, and makes the people and the repository of a scenario. */
  async begin({ repository = REPOSITORY, files, options }) {
    await this.post('reset', { empty: true });
    for (const [login, name] of Object.entries(NAMES)) {
      const tokens = this.tokensOf(login).map((value) => ({ value }));
      await this.post('users', { login, name, tokens });
    }
    const [owner, name] = repository.split('/');
    await this.post('repositories', { owner, name, files, ...options });
    this.repository = repository;
    const { login, token } = OBSERVER;
    await this.post('users', { login, name: 'Olivia Observer', tokens: [{ value: token }] });
    await this.permit(login, 'admin');
  }

  /** Changes how the host is. */
  set(settings) {
    return this.post('settings', settings);
  }

  /** From now on the host knows nobody by what the person signed in with. */
  revoke(login) {
    return this.hosts.control.delete('tokens', { value: TOKENS[login] });
  }

  permit(login, permission) {
    return this.post('permissions', { repository: this.repository, login, permission });
  }

  protect(protection) {
    return this.post('protection', { repository: this.repository, branch: 'main', ...protection });
  }

  /** Answers requests as a rule says, all if it has no count, until the host recovers. */
  fail(rule) {
    return this.post('faults', rule);
  }

  recover() {
    return this.hosts.control.delete('faults');
  }

  /** Somebody else's commit. */
  commit(branch, files) {
    const message = 'Somebody else';
    const repository = this.repository;
    return this.post('commits', { repository, branch, author: 'contributor', message, files });
  }

  /** Adds a commit status to the head of a branch. */
  status(branch, status) {
    return this.post('statuses', { repository: this.repository, ref: branch, ...status });
  }

  /** Starts a branch at main, with one commit on it. */
  branch(name, files) {
    const message = `Start ${name}`;
    const repository = this.repository;
    return this.post('commits', { repository, branch: name, author: 'editor', message, files });
  }

  /** Asks to merge a branch into main. */
  async pull(branch, labels) {
    const number = await this.client.openPull(this.repository, { title: branch, head: branch });
    await this.label(number, labels);
  }

  /** Puts labels on a pull request, beside those that it has. */
  label(number, labels) {
    return this.client.label(this.repository, number, labels);
  }

  /** Everything that a person could see in the repository and in its forks. */
  async state() {
    const forks = (await this.client.forks?.(this.repository)) ?? [];
    const state = { pulls: await this.pulls() };
    for (const name of [this.repository, ...forks]) state[name] = await this.branches(name);
    return state;
  }

  async pulls() {
    const pulls = await this.client.pulls(this.repository);
    const entries = pulls.map(({ number, labels, author, ...pull }) => [
      `#${number}`,
      { ...pull, labels: labels.sort() },
    ]);
    return Object.fromEntries(entries);
  }

  async branches(repository) {
    const branches = {};
    for (const name of Object.keys(await this.hosts.control.get(`branches?${query(repository)}`))) {
      const tree = await this.hosts.control.get(`tree?${query(repository, name)}`);
      branches[name.replace(/^cms_\d+/, 'cms_(the time)')] = {
        files: Object.fromEntries(Object.entries(tree).map(file)),
        commits: history(await this.client.commits(repository, name)),
      };
    }
    return branches;
  }

  /** What the merges of a branch are called. */
  async mergeNames(branch) {
    const commits = await this.client.commits(this.repository, branch);
    return commits.filter(isMerge).map(({ message }) => message);
  }
}

const query = (repository, branch = '') => `${new URLSearchParams({ repository, branch })}`;

const file = ([path, { mode, base64 }]) => [
  path,
  `${mode} ${readable(Buffer.from(base64, 'base64'))}`,
];

function readable(bytes) {
  const text = bytes.toString('utf8');
  return Buffer.from(text).equals(bytes) ? text : `base64:${bytes.toString('base64')}`;
}

const isMerge = ({ parents }) => parents.length > 1;

const signed = ({ message, author }) => `${message} (${author})`;

/**
 * The commits of a branch, newest first. A merge is shown as what it merged; what merges are
 * called is a scenario of its own.
 */
function history(commits) {
  const byId = new Map(commits.map((commit) => [commit.id, commit]));
  const chain = (id) => {
    const commit = byId.get(id);
    return commit ? [commit, ...chain(commit.parents[0])] : [];
  };
  const main = chain(commits[0].id);
  const merged = ({ parents: [, side] }) => chain(side).filter((c) => !main.includes(c));
  return main.map((c) => (isMerge(c) ? { merged: merged(c).map(signed) } : signed(c)));
}
