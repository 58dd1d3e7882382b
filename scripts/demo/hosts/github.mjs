// GitHub: how its fake is configured and asked.
import { Client } from './client.mjs';

class GitHubClient extends Client {
  async commits(repository, branch) {
    const list = await this.list(`/repos/${repository}/commits?sha=${encodeURIComponent(branch)}`);
    return list.map(({ sha, commit, parents }) => ({
      id: sha,
      message: commit.message,
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
      head: pull.head.ref,
      repository: pull.head.repo?.full_name,
      author: pull.user.login,
      labels: pull.labels.map(({ name }) => name),
      state: pull.merged_at ? 'merged' : pull.state,
    }));
  }

  /** head may be "owner:branch", of a fork. Answers the number. */
  async openPull(repository, { title, head, base = 'main', body }) {
    const pull = { title, head, base, body };
    return (await this.ask('POST', `/repos/${repository}/pulls`, pull)).number;
  }

  /** Adds labels to those that a pull request has. */
  async label(repository, number, labels) {
    await this.ask('POST', `/repos/${repository}/issues/${number}/labels`, { labels });
  }

  /** Makes a branch at a commit. */
  async branch(repository, name, commit) {
    const ref = { ref: `refs/heads/${name}`, sha: commit };
    await this.ask('POST', `/repos/${repository}/git/refs`, ref);
  }

  /** Answers the fork's name. */
  async fork(repository) {
    return (await this.ask('POST', `/repos/${repository}/forks`)).full_name;
  }

  async forks(repository) {
    return (await this.list(`/repos/${repository}/forks`)).map((fork) => fork.full_name);
  }
}

export const github = {
  backend: 'github',
  label: 'GitHub',
  flags: ['--host=github'],
  way: 'popup',
  settings: (hosts, repo) => ({ repo, branch: 'main', api_root: hosts.api }),
  client: (hosts, token) => new GitHubClient(hosts.api, token, { size: 'per_page', most: 100 }),
};
