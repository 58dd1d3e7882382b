// Bitbucket: how its fake is configured and asked.
import { Client } from './client.mjs';

const STATES = { OPEN: 'open', MERGED: 'merged', DECLINED: 'closed', SUPERSEDED: 'closed' };
const EVERY_STATE = Object.keys(STATES)
  .map((state) => `state=${state}`)
  .join('&');

/** A comment that is nothing but a draft's status stands for a label. */
const STATUS = /^static-cms\/\w+$/;

/** Slashes stay as they are. */
const escaped = (branch) => branch.split('/').map(encodeURIComponent).join('/');

class BitbucketClient extends Client {
  /** A list to its last page, which its next one is named on. */
  async list(path) {
    const { size, most } = this.paging;
    const all = [];
    let next = `${path}${path.includes('?') ? '&' : '?'}${size}=${most}`;
    while (next) {
      const page = await this.ask('GET', next);
      all.push(...page.values);
      next = page.next?.replace(this.root, '');
    }
    return all;
  }

  async commits(repository, branch) {
    const of = `/repositories/${repository}`;
    const { target } = await this.ask('GET', `${of}/refs/branches/${escaped(branch)}`);
    const list = await this.list(`${of}/commits/${target.hash}`);
    return list.map(({ hash, message, author, parents }) => ({
      id: hash,
      message: message.trimEnd(),
      author: author.raw.replace(/ <.*/, ''),
      parents: parents.map((parent) => parent.hash),
    }));
  }

  async pulls(repository) {
    const list = await this.list(`/repositories/${repository}/pullrequests?${EVERY_STATE}`);
    return Promise.all(
      list.map(async (pull) => ({
        number: pull.id,
        title: pull.title,
        body: pull.summary.raw,
        base: pull.destination.branch.name,
        head: pull.source.branch.name,
        repository: pull.source.repository?.full_name,
        author: pull.author.nickname,
        labels: (await this.comments(repository, pull.id)).filter((text) => STATUS.test(text)),
        state: STATES[pull.state],
      })),
    );
  }

  /** The texts of a pull request's comments, oldest first. */
  async comments(repository, number) {
    const path = `/repositories/${repository}/pullrequests/${number}/comments`;
    return (await this.list(path)).map(({ content }) => content.raw);
  }

  async comment(repository, number, text) {
    const path = `/repositories/${repository}/pullrequests/${number}/comments`;
    await this.ask('POST', path, { content: { raw: text } });
  }

  /** Answers the number. */
  async openPull(repository, { title, head, base = 'main', body }) {
    const pull = {
      title,
      description: body,
      source: { branch: { name: head } },
      destination: { branch: { name: base } },
    };
    return (await this.ask('POST', `/repositories/${repository}/pullrequests`, pull)).id;
  }

  /** Adds labels to those that a pull request has. */
  async label(repository, number, labels) {
    for (const text of labels) await this.comment(repository, number, text);
  }

  /** Makes a branch at a commit. */
  async branch(repository, name, commit) {
    const branch = { name, target: { hash: commit } };
    await this.ask('POST', `/repositories/${repository}/refs/branches`, branch);
  }
}

export const bitbucket = {
  backend: 'bitbucket',
  label: 'Bitbucket',
  flags: ['--host=bitbucket'],
  way: 'popup',
  settings: (hosts, repo) => ({ repo, branch: 'main', api_root: hosts.api }),
  client: (hosts, token) => new BitbucketClient(hosts.api, token, { size: 'pagelen', most: 50 }),
};
