/** What a CMS sees: the registered classes, and the traps that they keep it out of. */

import { type BackendError, registerBackends } from '../dist/index.js';
import { assert, assertEqual, rejection } from './assert.js';

/** The CMS's own error class and cursor key, as its bundle exports them. */
class EditorialWorkflowError extends Error {
  override name = 'EDITORIAL_WORKFLOW_ERROR';
  notUnderEditorialWorkflow: boolean;
  constructor(message: string, notUnderEditorialWorkflow: boolean) {
    super(message);
    this.notUnderEditorialWorkflow = notUnderEditorialWorkflow;
  }
}
const CURSOR_COMPATIBILITY_SYMBOL = Symbol('cursor key');
const core = { EditorialWorkflowError, CURSOR_COMPATIBILITY_SYMBOL };

type Cursor = { actions: string[]; data: Record<string, unknown>; meta: Record<string, unknown> };
type Listing = { data: string }[] & { [CURSOR_COMPATIBILITY_SYMBOL]?: Cursor };
interface CmsClass {
  authComponent(): unknown;
  entriesByFolder(folder: string, extension: string, depth: number): Promise<Listing>;
  allEntriesByFolder(folder: string, extension: string, depth: number): Promise<Listing>;
  entriesByFiles(
    files: object[],
  ): Promise<{ data: string; file: { path: string; label?: string } }[]>;
  traverseCursor(cursor: object, action: string): Promise<{ entries: Listing; cursor: Cursor }>;
  unpublishedEntry(key: object): Promise<{ collection: string; slug: string; status: string }>;
  persistEntry(entry: object, options: object): Promise<void>;
  getMedia(): Promise<{ name: string }[]>;
  status(): Promise<{ api: { status: boolean } }>;
}

/** Registers with a CMS that keeps what it is given. */
function register(options: object = {}): (name: string, backend?: object) => CmsClass {
  const classes: Record<string, new (config: object, init: object) => CmsClass> = {};
  const CMS = {
    registerBackend(name: string, backend: unknown) {
      classes[name] = backend as (typeof classes)[string];
    },
  };
  registerBackends(CMS, { core, ...options });
  return (name, backend = {}) => {
    const Class = classes[name];
    assert(Class, `a backend named ${name}, not only ${Object.keys(classes)}`);
    return new Class({ backend, media_folder: 'media' }, { useWorkflow: true });
  };
}

/** A proxy backend whose server answers every request with this. */
function proxyAnswering(answer: () => Response, reports: BackendError[]): CmsClass {
  const options = { fetch: async () => answer(), onError: (e: BackendError) => reports.push(e) };
  return register(options)('proxy', { proxy_url: 'http://localhost:8081/api/v1' });
}

const broken = () => Response.json({ error: 'Unknown error' }, { status: 500 });

describe('registerBackends', () => {
  it('lets long addresses break in messages', () => {
    register();
    const box = document.body.appendChild(document.createElement('div'));
    box.style.cssText = 'display: flex; width: 200px';
    box.innerHTML = `<div class="CMS_SnackbarAlert_message">See ${'long/'.repeat(40)}.</div>`;
    assert(box.scrollWidth <= box.clientWidth, `${box.scrollWidth} of ${box.clientWidth}`);
    box.remove();
  });

  it('registers every backend under its own name or another', () => {
    const open = register({ names: { proxy: 'local' } });
    open('local', { proxy_url: 'http://localhost:8081/api/v1' });
    open('test-repo');
  });

  it('always answers the same sign-in page', () => {
    const backend = register()('test-repo');
    assertEqual(typeof backend.authComponent(), 'function');
    const again = backend.authComponent();
    assert(backend.authComponent() === again, 'one component');
  });

  it('drops a stored session that is no JSON', () => {
    localStorage.setItem('static-cms-user', '{"half');
    register();
    assertEqual(localStorage.getItem('static-cms-user'), null);
    localStorage.setItem('static-cms-user', '{"whole":true}');
    register();
    assertEqual(localStorage.getItem('static-cms-user'), '{"whole":true}');
    localStorage.removeItem('static-cms-user');
  });
});

describe('a listing', () => {
  beforeEach(() => {
    const posts: Record<string, { content: string }> = {};
    for (let i = 10; i < 55; i++) posts[`p${i}.md`] = { content: String(i) };
    globalThis.repoFiles = { posts, media: { 'a.png': { content: 'a' } } };
  });

  it('is paged to its end with the cursor that the CMS knows', async () => {
    const backend = register()('test-repo');
    const first = await backend.entriesByFolder('posts', 'md', 1);
    const seen = first.map(({ data }) => data);
    let cursor = first[CURSOR_COMPATIBILITY_SYMBOL];
    while (cursor?.actions.includes('next')) {
      const page = await backend.traverseCursor(cursor, 'next');
      seen.push(...page.entries.map(({ data }) => data));
      cursor = page.cursor;
    }
    assertEqual([first.length, seen.length, new Set(seen).size, seen.at(-1)], [20, 45, 45, '54']);
  });

  it('goes on from an Immutable cursor, as Decap CMS hands it back', async () => {
    const backend = register()('test-repo');
    const first = await backend.entriesByFolder('posts', 'md', 1);
    const { data, ...rest } = first[CURSOR_COMPATIBILITY_SYMBOL] as Cursor;
    const page = await backend.traverseCursor({ ...rest, data: { toJS: () => data } }, 'next');
    assertEqual(page.entries[0]?.data, '30');
  });

  it('comes whole where the cursor can not be had', async () => {
    const backend = register({ core: {} })('test-repo');
    assertEqual((await backend.entriesByFolder('posts', 'md', 1)).length, 45);
  });

  it('of files has each that was asked for, also where there is none yet', async () => {
    const files = [
      { path: 'posts/none.md', label: 'None' },
      { path: './posts//p10.md', label: 'Ten' },
    ];
    const entries = await register()('test-repo').entriesByFiles(files);
    assertEqual(
      entries.map(({ data, file: { path, label } }) => [path, label, data]),
      [
        ['posts/none.md', 'None', ''],
        ['posts/p10.md', 'Ten', '10'],
      ],
    );
  });

  it('of media has a name for every item', async () => {
    const media = await register()('test-repo').getMedia();
    assertEqual(
      media.map(({ name }) => name),
      ['a.png'],
    );
  });
});

describe('an error', () => {
  it("of an entry without a draft is of the CMS's own class", async () => {
    const error = await rejection(
      register()('test-repo').unpublishedEntry({ collection: 'a', slug: 'b' }),
    );
    assert(error instanceof EditorialWorkflowError, `its class, not ${error.constructor.name}`);
    assertEqual([error.notUnderEditorialWorkflow, error.kind], [true, 'NotInWorkflow']);
  });

  it('of a save is an Error with a message', async () => {
    const backend = proxyAnswering(broken, []);
    const dataFiles = [{ path: 'a.md', slug: 'a', raw: 'a' }];
    const error = await rejection(
      backend.persistEntry({ dataFiles, assets: [] }, { commitMessage: 'a' }),
    );
    assert(error.message.includes('http://localhost:8081'), error.message);
  });

  it('ends the paging, and is reported', async () => {
    const reports: BackendError[] = [];
    const backend = proxyAnswering(broken, reports);
    const data = { folder: 'posts', extension: 'md', depth: 1, offset: 0 };
    const page = await backend.traverseCursor({ actions: ['next'], data, meta: {} }, 'next');
    assertEqual([page.entries.length, page.cursor.actions, reports.length], [0, [], 1]);
  });

  it('leaves no spinner in a list of all entries, and is reported', async () => {
    const reports: BackendError[] = [];
    const all = await proxyAnswering(broken, reports).allEntriesByFolder('posts', 'md', 1);
    assertEqual([all.length, reports.length], [0, 1]);
  });

  it('of one draft leaves the board to the others', async () => {
    const reports: BackendError[] = [];
    const backend = proxyAnswering(() => new Response('<!doctype html>'), reports);
    const draft = await backend.unpublishedEntry({ id: 'posts/a' });
    assertEqual(
      [draft.collection, draft.slug, draft.status, reports.length],
      ['', 'posts/a', 'draft', 1],
    );
    await rejection(backend.unpublishedEntry({ collection: 'posts', slug: 'a' }));
  });

  it('of the status means that the host is down', async () => {
    assertEqual((await proxyAnswering(broken, []).status()).api.status, false);
  });

  it('is shown on the page by default, once, until it is closed', async () => {
    const backend = register({ fetch: async () => broken() })('proxy', {
      proxy_url: 'http://localhost:8081/api/v1',
    });
    await backend.allEntriesByFolder('posts', 'md', 1);
    await backend.allEntriesByFolder('posts', 'md', 1);
    const notices = document.querySelectorAll('#mooring-notice > div');
    assertEqual(notices.length, 1);
    assert(
      notices[0]?.textContent?.includes('http://localhost:8081'),
      `the server in ${notices[0]?.textContent}`,
    );
    notices[0]?.querySelector('button')?.click();
    assertEqual(document.querySelectorAll('#mooring-notice > div').length, 0);
  });
});
