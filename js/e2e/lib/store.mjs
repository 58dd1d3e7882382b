// What a test looks at after the CMS has saved: a Git repository or the memory
// of test-repo, both read the same way.
import { execFileSync } from 'node:child_process';

/** The repository, read with git itself: what isn't committed isn't saved. */
export class GitStore {
  constructor(dir) {
    this.dir = dir;
  }

  git(...args) {
    return execFileSync('git', args, {
      cwd: this.dir,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  async list(prefix = '') {
    return this.git('ls-tree', '-r', '--name-only', '-z', 'main')
      .split('\0')
      .filter((path) => path !== '' && path.startsWith(prefix));
  }

  async has(path) {
    return (await this.list(path)).includes(path);
  }

  async read(path, ref = 'main') {
    return this.git('show', `${ref}:${path}`);
  }

  async size(path) {
    return Number(this.git('cat-file', '-s', `main:${path}`));
  }

  async head() {
    return this.git('rev-parse', 'main').trim();
  }

  async branches() {
    return this.git('branch', '--format=%(refname:short)').trim().split('\n');
  }

  async isClean() {
    return (
      this.git('status', '--porcelain') === '' &&
      this.git('branch', '--show-current').trim() === 'main'
    );
  }
}

/** window.repoFiles of the page. */
export class MemoryStore {
  constructor(page) {
    this.page = page;
  }

  async list(prefix = '') {
    const paths = await this.page.evaluate(() => {
      const isFile = ({ content }) =>
        typeof content === 'string' || content instanceof Blob || content?.fileObj instanceof Blob;
      const walk = (node, path) =>
        Object.entries(node).flatMap(([name, child]) =>
          isFile(child) ? [path + name] : walk(child, `${path}${name}/`),
        );
      return walk(window.repoFiles, '');
    });
    return paths.filter((path) => path.startsWith(prefix));
  }

  async has(path) {
    return (await this.list(path)).includes(path);
  }

  async read(path) {
    return this.page.evaluate((file) => {
      const node = file.split('/').reduce((tree, part) => tree?.[part], window.repoFiles);
      return node?.content;
    }, path);
  }

  async size(path) {
    return this.page.evaluate((file) => {
      const { content } = file.split('/').reduce((tree, part) => tree?.[part], window.repoFiles);
      return (content.fileObj ?? content).size;
    }, path);
  }

  async isClean() {
    return true;
  }
}
