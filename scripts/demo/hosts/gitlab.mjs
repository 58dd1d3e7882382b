// GitLab: how its fake is configured and asked.
import { Client } from './client.mjs';

const STATES = { opened: 'open', locked: 'open' };

const project = (repository) => `/projects/${encodeURIComponent(repository)}`;

class GitLabClient extends Client {
  async commits(repository, branch) {
    const path = `${project(repository)}/repository/commits`;
    const list = await this.list(`${path}?ref_name=${encodeURIComponent(branch)}`);
    return list.map((commit) => ({
      id: commit.id,
      message: commit.message,
      author: commit.author_name,
      parents: commit.parent_ids,
    }));
  }

  async pulls(repository) {
    const list = await this.list(`${project(repository)}/merge_requests?state=all`);
    return list.map((request) => ({
      number: request.iid,
      title: request.title,
      body: request.description,
      base: request.target_branch,
      head: request.source_branch,
      repository,
      author: request.author.username,
      labels: request.labels,
      state: STATES[request.state] ?? request.state,
    }));
  }

  /** Answers the number. */
  async openPull(repository, { title, head, base = 'main', body }) {
    const request = { title, source_branch: head, target_branch: base, description: body };
    return (await this.ask('POST', `${project(repository)}/merge_requests`, request)).iid;
  }

  /** Adds labels to those that a merge request has. */
  async label(repository, number, labels) {
    const path = `${project(repository)}/merge_requests/${number}`;
    await this.ask('PUT', path, { add_labels: labels.join(',') });
  }

  /** Makes a branch at a commit. */
  async branch(repository, name, commit) {
    const branch = { branch: name, ref: commit };
    await this.ask('POST', `${project(repository)}/repository/branches`, branch);
  }
}

export const gitlab = {
  backend: 'gitlab',
  label: 'GitLab',
  flags: ['--host=gitlab'],
  way: 'pkce',
  settings: (hosts, repo) => ({ repo, branch: 'main', api_root: hosts.api }),
  client: (hosts, token) => new GitLabClient(hosts.api, token, { size: 'per_page', most: 100 }),
};
