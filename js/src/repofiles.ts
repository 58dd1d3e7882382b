/**
 * `window.repoFiles`: the tree that a page seeds test-repo with, as Static CMS's own
 * test-repo reads it. Every change comes back into it, so that a page's own tests can
 * look there.
 */

type Leaf = { path?: string; content: string | AssetLike | Blob };
type AssetLike = { fileObj?: Blob; url?: string };
type Tree = { [name: string]: Leaf | Tree };

/** One file that the test repository changed. */
export interface Change {
  path: string;
  deleted: boolean;
}

declare global {
  var repoFiles: Tree | undefined;
}

/** Reads the seed, path by path. */
export async function readRepoFiles(): Promise<{ path: string; data: Uint8Array }[]> {
  const found: { path: string; leaf: Leaf }[] = [];
  collect(globalThis.repoFiles ?? {}, '', found);
  return Promise.all(
    found.map(async ({ path, leaf }) => ({ path, data: await bytesOf(leaf.content) })),
  );
}

function collect(tree: Tree, prefix: string, into: { path: string; leaf: Leaf }[]): void {
  for (const [name, node] of Object.entries(tree)) {
    const path = prefix + name;
    if (isLeaf(node)) into.push({ path, leaf: node });
    else if (typeof node === 'object' && node !== null) collect(node, `${path}/`, into);
  }
}

/** A folder may be called "content": only a text or a file makes a leaf of it. */
function isLeaf(node: Leaf | Tree): node is Leaf {
  const content = (node as Leaf | null)?.content;
  if (typeof content === 'string' || content instanceof Blob) return true;
  return (
    typeof content === 'object' &&
    content !== null &&
    (content as AssetLike).fileObj instanceof Blob
  );
}

async function bytesOf(content: Leaf['content']): Promise<Uint8Array> {
  if (typeof content === 'string') return new TextEncoder().encode(content);
  const blob = content instanceof Blob ? content : (content.fileObj as Blob);
  return new Uint8Array(await blob.arrayBuffer());
}

/** Writes the repository's changes into the page's tree; `blobs` are those of the files still there. */
export function writeRepoFiles(changes: Change[], blobs: Uint8Array<ArrayBuffer>[]): void {
  globalThis.repoFiles ??= {};
  const left = [...blobs];
  for (const { path, deleted } of changes) {
    if (deleted) remove(globalThis.repoFiles, path.split('/'));
    else put(globalThis.repoFiles, path, left.shift() as Uint8Array<ArrayBuffer>);
  }
}

function put(root: Tree, path: string, data: Uint8Array<ArrayBuffer>): void {
  const names = path.split('/');
  const name = names.pop() as string;
  let tree = root;
  for (const folder of names) {
    if (!Object.hasOwn(tree, folder)) tree[folder] = {};
    tree = tree[folder] as Tree;
  }
  tree[name] = { path, content: contentOf(data) };
}

/** Text stays text, as the seed had it; anything else is a Blob. */
function contentOf(data: Uint8Array<ArrayBuffer>): string | Blob {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data);
  } catch {
    return new Blob([data]);
  }
}

/** Removes a file, and the folders that it leaves empty: Git knows none. */
function remove(tree: Tree, [name, ...rest]: string[]): void {
  if (name === undefined || !Object.hasOwn(tree, name)) return;
  if (rest.length === 0) {
    delete tree[name];
    return;
  }
  const folder = tree[name] as Tree;
  remove(folder, rest);
  if (Object.keys(folder).length === 0) delete tree[name];
}
