// Runs in the page: one backend, constructed and driven as Static CMS 4.3.0 does it.

let backend;
let assets = [];

/** Constructs a backend and signs in. builtin is the CMS's own class; dist is where ours comes from. */
export async function open({ who, builtin, dist, config, token }) {
  const options = {
    useWorkflow: config.publish_mode === 'editorial_workflow',
    initialWorkflowStatus: 'draft',
    updateUserCredentials: () => {},
  };
  if (who === 'builtin') {
    backend = new window.StaticCmsApp[builtin](config, options);
  } else {
    const { registerBackends } = await import(`${dist}/index.js`);
    registerBackends(window.CMS, { onError: ({ message }) => console.error(message) });
    backend = window.CMS.getBackend(config.backend.name).init(config, options);
  }
  await backend.authenticate({ token });
}

/** Opens an entry in the editor. */
export async function edit({ path }) {
  const { data } = await backend.getEntry(path);
  if (data === '') throw new Error(`${path} is empty`);
}

/**
 * Files as an editor drops them into an entry: random bytes, which no compression makes smaller.
 * Answers their hashes, by path.
 */
export async function chooseImages({ prefix, count, bytes }) {
  assets = Array.from({ length: count }, (_, i) => {
    const data = new Uint8Array(bytes);
    for (let at = 0; at < bytes; at += 65536) {
      crypto.getRandomValues(data.subarray(at, Math.min(at + 65536, bytes)));
    }
    const fileObj = new File([data], `${prefix}-${i}.png`, { type: 'image/png' });
    const url = URL.createObjectURL(fileObj);
    const toBase64 = async () => base64(await (await fetch(url)).blob());
    return { path: `static/images/${fileObj.name}`, fileObj, url, toBase64 };
  });
  const hashes = assets.map(async ({ path, fileObj }) => [path, await sha256(fileObj)]);
  return Object.fromEntries(await Promise.all(hashes));
}

async function sha256(blob) {
  const hash = await crypto.subtle.digest('SHA-256', await blob.arrayBuffer());
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function base64(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(',') + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}

export const jobs = {
  firstPage: ({ folder, depth }) => backend.entriesByFolder(folder, 'md', depth),
  all: ({ folder, depth }) => backend.allEntriesByFolder(folder, 'md', depth, undefined),
  /** The board: the list, then each entry, then the text of each. */
  async board() {
    const ids = await backend.unpublishedEntries();
    return Promise.all(
      ids.map(async (id) => {
        const { collection, slug, diffs } = await backend.unpublishedEntry({ id });
        const [{ path, id: blob }] = diffs.filter((diff) => diff.path.endsWith('.md'));
        return { data: await backend.unpublishedEntryDataFile(collection, slug, path, blob) };
      }),
    );
  },
  async save({ path, slug, raw, workflow = false }) {
    const entry = { dataFiles: [{ path, slug, raw, newPath: undefined }], assets };
    await backend.persistEntry(entry, {
      newEntry: workflow,
      commitMessage: `Update Post “${slug}”`,
      collectionName: 'posts',
      useWorkflow: workflow,
      unpublished: false,
      status: workflow ? 'draft' : undefined,
    });
    return [];
  },
  /** Shows images one after the other, and finds each as it was. hashes: by path. */
  async show({ hashes }) {
    for (const [path, hash] of Object.entries(hashes)) {
      const { file, url } = await backend.getMediaFile(path);
      if ((await sha256(file)) !== hash) throw new Error(`${path} is not what was saved`);
      URL.revokeObjectURL(url);
    }
    return [];
  },
};

/** Does one job and tells how long it took, in milliseconds, and how much came. */
export async function timed({ job, args }) {
  const before = performance.now();
  const entries = await jobs[job](args);
  const ms = performance.now() - before;
  const texts = entries.map(({ data }) => data);
  return { ms, entries: texts.filter((text) => text.length > 1000).length };
}

/** Resolves when our store has so many blobs on the disk: nobody waits for it otherwise. */
export async function stored({ count }) {
  for (let waited = 0; waited < 10_000; waited += 50) {
    if ((await blobsStored()) >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the store has only ${await blobsStored()} of ${count} blobs`);
}

async function blobsStored() {
  const db = await settled(indexedDB.open('mooring'));
  try {
    const lists = await settled(db.transaction('names').objectStore('names').getAll());
    return lists.reduce((sum, names) => sum + names.length, 0);
  } finally {
    db.close();
  }
}

function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
