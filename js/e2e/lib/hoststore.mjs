// A repository of a fake host, read beside its API: what isn't in its Git
// objects isn't saved.
import { REPOSITORY } from '../../../scripts/demo/samplesite.mjs';

export class HostStore {
  constructor(hosts, repository = REPOSITORY) {
    this.hosts = hosts;
    this.repository = repository;
  }

  /** The same of a fork. */
  of(repository) {
    return new HostStore(this.hosts, repository);
  }

  #query(more) {
    return new URLSearchParams({ repository: this.repository, ...more });
  }

  async files(branch = 'main') {
    return this.hosts.control.get(`tree?${this.#query({ branch })}`);
  }

  async list(prefix = '') {
    return Object.keys(await this.files()).filter((path) => path.startsWith(prefix));
  }

  async has(path) {
    return path in (await this.files());
  }

  async bytes(path, branch) {
    const file = (await this.files(branch))[path];
    if (!file) throw new Error(`${this.repository} has no ${path} on ${branch ?? 'main'}`);
    return Buffer.from(file.base64, 'base64');
  }

  async read(path, branch) {
    return (await this.bytes(path, branch)).toString();
  }

  async size(path) {
    return (await this.bytes(path)).length;
  }

  async #branches() {
    return this.hosts.control.get(`branches?${this.#query()}`);
  }

  async head(branch = 'main') {
    return (await this.#branches())[branch].commit;
  }

  async branches() {
    return Object.keys(await this.#branches());
  }

  /** The requests that the page made so far. */
  async requests() {
    return this.hosts.control.get('requests');
  }

  /** Whether the host's own API description had nothing to say against any request. */
  async isClean() {
    const wrong = (await this.requests()).filter(({ error }) => error);
    for (const { method, path, error } of wrong) console.log(`       ${method} ${path}: ${error}`);
    return wrong.length === 0;
  }

  /** Somebody else commits to a branch; null deletes a file. */
  async commit(files, branch = 'main') {
    const changes = Object.entries(files).map(([path, text]) => [path, text && { content: text }]);
    await this.hosts.control.post('commits', {
      repository: this.repository,
      branch,
      author: 'Somebody Else',
      message: 'Change it meanwhile',
      files: Object.fromEntries(changes),
    });
  }
}
