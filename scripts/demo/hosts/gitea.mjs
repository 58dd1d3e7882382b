// Gitea and Forgejo: how their fakes are configured and asked.
import { Client } from './client.mjs';

// Each commit's files and signature would be looked up otherwise.
const BARE = 'stat=false&verification=false&files=false';

class GiteaClient extends Client {
  async commits(repository, branch) {
    const query = `sha=${encodeURIComponent(branch)}&${BARE}`;
    const list = await this.list(`/repos/${repository}/commits?${query}`);
    return list.map(({ sha, commit, parents }) => ({
      id: sha,
      message: commit.message.trimEnd(),
      author: commit.author.name,
      parents: parents.map((parent) => parent.sha),
    }));
  }

  async pulls(repository) {
    const list = await this.list(`/repos/${repository}/pulls?state=all`);
    return list.map((pull) => ({
      number: pull.number,
      title: pull.title,
      body: pull.body,
      base: pull.base.ref,
      // Once the branch is gone, head.ref is the pull request's own reference.
      head: pull.head.label.replace(/^[^:]*:/, ''),
      repository: pull.head.repo?.full_name,
      author: pull.user.login,
      labels: (pull.labels ?? []).map(({ name }) => name),
      state: pull.merged ? 'merged' : pull.state,
    }));
  }

  /** Answers the number. */
  async openPull(repository, { title, head, base = 'main', body }) {
    const pull = { title, head, base, body };
    return (await this.ask('POST', `/repos/${repository}/pulls`, pull)).number;
  }

  /** Adds labels to those that a pull request has, and makes those that the repository lacks. */
  async label(repository, number, labels) {
    const known = await this.list(`/repos/${repository}/labels`);
    const ids = [];
    for (const name of labels) {
      const label = known.find((each) => each.name === name);
      ids.push((label ?? (await this.#addLabel(repository, name))).id);
    }
    await this.ask('POST', `/repos/${repository}/issues/${number}/labels`, { labels: ids });
  }

  #addLabel(repository, name) {
    return this.ask('POST', `/repos/${repository}/labels`, { name, color: '#0e8a16' });
  }

  /** Makes a branch at a commit. */
  async branch(repository, name, commit) {
    const branch = { new_branch_name: name, old_ref_name: commit };
    await this.ask('POST', `/repos/${repository}/branches`, branch);
  }
}

const host = (label, flags) => ({
  backend: 'gitea',
  label,
  flags,
  way: 'pkce',
  settings: (hosts, repo) => ({ repo, branch: 'main', api_root: hosts.api }),
  client: (hosts, token) => new GiteaClient(hosts.api, token, { size: 'limit', most: 50 }),
});

export const gitea = host('Gitea', ['--host=gitea']);
export const forgejo = host('Forgejo', ['--host=forgejo']);
