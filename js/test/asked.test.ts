/** What the CMS asks for arrives in Go, and what Go tells arrives in the CMS. */

import { type Backend, createBackend, type Progress, registerBackends } from '../dist/index.js';
import { assert, assertEqual, rejection } from './assert.js';

const wasmURL = '/faults/faulty.wasm';

describe('the author and date of entries', () => {
  let backend: Backend | undefined;
  afterEach(() => backend?.dispose());

  /** Who is named as author in a listing of this collection. */
  async function authorIn(collection: object): Promise<string | undefined> {
    const collections = [{ name: 'other', folder: 'other' }, collection];
    backend = createBackend('faulty', { backend: {}, collections }, { wasmURL });
    const [page, all, others, files] = await Promise.all([
      backend.entriesByFolder('content/posts', 'md', 1),
      backend.allEntriesByFolder('content/posts', 'md', 1),
      backend.entriesByFolder('other', 'md', 1),
      backend.entriesByFiles([{ path: 'data/site.json', label: 'Site' }, { path: 'data/b.json' }]),
    ]);
    assertEqual(others[0]?.file.author, undefined);
    assertEqual(files[1]?.file.author, undefined);
    const inFolder = page[0]?.file.author;
    assertEqual(all[0]?.file.author, inFolder);
    return inFolder ?? files[0]?.file.author;
  }

  const folder = { name: 'posts', folder: 'content/posts' };
  const uses: [what: string, collection: object][] = [
    ['a sortable field', { ...folder, sortable_fields: { fields: ['title', 'commit_date'] } }],
    ['the default order', { ...folder, sortable_fields: { default: { field: 'commit_author' } } }],
    ['the summary', { ...folder, summary: "{{title}} {{commit_date | date('yyyy')}}" }],
    ['a nested summary', { ...folder, nested: { depth: 9, summary: '{{commit_author}}' } }],
    ['a folder with slashes', { folder: '/content/posts/', summary: '{{commit_author}}' }],
    ['the slug', { ...folder, slug: '{{fields.commit_date}}' }],
    ['a filter', { ...folder, view_filters: { filters: [{ field: 'commit_author' }] } }],
    ['a group', { ...folder, view_groups: { groups: [{ field: 'commit_date' }] } }],
    ['a file collection', { files: [{ file: 'data/site.json' }], summary: '{{commit_date}}' }],
  ];
  for (const [what, collection] of uses) {
    it(`are asked for by ${what}`, async () => assertEqual(await authorIn(collection), 'Ann'));
  }

  it('are not asked for a page that is only sorted by them', async () => {
    const { collection, wanted } = { collection: uses[0]?.[1], wanted: uses[2]?.[1] };
    for (const [of, want] of [
      [collection, undefined],
      [wanted, 'Ann'],
    ] as const) {
      const backend = createBackend('faulty', { backend: {}, collections: [of] }, { wasmURL });
      const page = { offset: 0, limit: 20 };
      const { entries } = await backend.entries('content/posts', 'md', 1, page);
      backend.dispose();
      assertEqual(entries[0]?.file.author, want);
    }
  });

  it('are not asked for without a use', async () => {
    const plain = {
      ...folder,
      summary: '{{my_commit_dates}}',
      sortable_fields: { fields: ['title'] },
      description: 'commit_date',
    };
    assertEqual(await authorIn(plain), undefined);
  });
});

describe('a host that lets us wait', () => {
  it('is told of, and that it goes on', async () => {
    const told: Progress[] = [];
    const onProgress = (p: Progress) => p.phase === 'wait' && told.push(p);
    const before = Date.now();
    const backend = createBackend('faulty', { backend: {} }, { wasmURL, onProgress });
    await backend.getEntry('wait');
    await backend.getEntry('go on');
    backend.dispose();
    const [wait, goesOn] = told;
    assert(wait?.phase === 'wait' && goesOn?.phase === 'wait', 'two tellings');
    assertEqual([wait.host, wait.reason], ['faulty', 'Too many requests.']);
    assert(wait.until >= before + 3_600_000, `an hour, not ${wait.until - before} ms`);
    assertEqual([goesOn.until, told.length], [0, 2]);
  });

  it('is shown on the page as long as it does', async () => {
    let Class: (new (config: object) => Backend) | undefined;
    const CMS = {
      registerBackend(name: string, backend: unknown) {
        if (name === 'github') Class = backend as typeof Class;
      },
    };
    registerBackends(CMS, { wasmURL, core: {} });
    assert(Class, 'a backend named github');
    const backend = new Class({ backend: {} });
    const shown = () => document.querySelector('[role=status]')?.textContent;
    await backend.getEntry('wait');
    await backend.getEntry('wait');
    assertEqual(shown(), 'Too many requests.');
    await backend.getEntry('go on');
    assertEqual(shown(), undefined);
    backend.dispose();
  });
});

describe('a draft of a fork', () => {
  it('is told from others, with its author', async () => {
    const backend = createBackend('faulty', { backend: {} }, { wasmURL });
    const draft = await backend.unpublishedEntry({ collection: 'posts', slug: 'of-a-fork' });
    assertEqual([draft.openAuthoring, draft.pullRequestAuthor], [true, 'bob']);
    assertEqual((await backend.unpublishedEntry({ id: 'posts/own' })).openAuthoring, false);
    backend.dispose();
  });
});

describe('who works on a fork', () => {
  it('agrees to it once', async () => {
    const backend = createBackend('faulty', { backend: {} }, { wasmURL });
    const error = await rejection(backend.authenticate({ token: 'reader' }));
    assertEqual([error.kind, error.name], ['ForkNeeded', 'API_ERROR']);
    const user = await backend.authenticate({ token: 'reader', fork: true });
    const want = { login: 'bob', fork: 'bob/site', useOpenAuthoring: true, token: 'reader' };
    for (const [field, value] of Object.entries(want)) {
      assertEqual([field, Reflect.get(user, field)], [field, value]);
    }
    // As the CMS stores it.
    const stored = JSON.parse(JSON.stringify(user));
    assertEqual((await backend.restoreUser(stored)).fork, 'bob/site');
    // A program that ended knows nobody any more: the new one must not ask either.
    await rejection(backend.getEntry('exit'));
    assertEqual((await backend.getEntry('fine')).data, 'fine');
    assertEqual(await backend.getToken(), 'reader');
    backend.dispose();
  });

  it('is none who may write', async () => {
    const backend = createBackend('faulty', { backend: {} }, { wasmURL });
    const user = await backend.authenticate({ token: 'writer' });
    assertEqual([user.fork, user.useOpenAuthoring], [undefined, undefined]);
    backend.dispose();
  });
});

describe('a configuration', () => {
  const wrong: [key: string, value: unknown, want: string][] = [
    ['auth_scheme', true, 'a string, not boolean'],
    ['open_authoring', 'yes', 'a boolean, not string'],
    ['always_fork', 1, 'a boolean, not number'],
    ['graphql_api_root', {}, 'a string, not object'],
    ['repo', 5, 'a string, not number'],
    ['branch', [], 'a string, not object'],
  ];
  for (const [key, value, want] of wrong) {
    it(`names a wrong ${key}`, async () => {
      const backend = createBackend('faulty', { backend: { [key]: value } }, { wasmURL });
      const { message } = await rejection(backend.status());
      assertEqual(message, `open: config.${key} must be ${want}.`);
      backend.dispose();
    });
  }

  it('may have use_graphql, of any kind', async () => {
    const backend = createBackend('faulty', { backend: { use_graphql: 'yes' } }, { wasmURL });
    assertEqual((await backend.status()).api.status, true);
    backend.dispose();
  });
});
