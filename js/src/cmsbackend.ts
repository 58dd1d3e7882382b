/**
 * A backend as a CMS constructs it. Above the plain Backend it has the CMS's sign-in
 * page and cursors, and it settles what the CMS can't bear to see rejected.
 */

import { gatewayLogin } from './auth/gatewaylogin.js';
import { hostLogin } from './auth/hostlogin.js';
import { type LoginProps, loginPage } from './auth/login.js';
import { type Texts, textsOf } from './auth/texts.js';
import { TOKEN_HOSTS } from './auth/tokenhosts.js';

import { Backend, type Initializer, PAGE_SIZE } from './backend.js';
import type { Core } from './core.js';
import type { Runtime } from './runtime.js';
import type * as T from './types.js';

interface Place {
  folder: string;
  extension: string;
  depth: number;
  offset: number;
}

export class CmsBackend extends Backend {
  readonly #core: () => Core;
  readonly #login: (props: LoginProps) => unknown;

  constructor(
    name: string,
    config: T.CmsConfig,
    runtime: Runtime,
    init: Initializer | undefined,
    core: () => Core,
    { texts, session }: Pick<T.RegisterOptions, 'texts' | 'session'> = {},
  ) {
    super(name, config, runtime, init, session);
    this.#core = core;
    this.#login = signInPage(
      this,
      config.backend,
      textsOf(config.locale, texts),
      runtime.fetch,
      core,
    );
  }

  /** Always the same component: Decap CMS asks for it again and again. */
  authComponent() {
    return this.#login;
  }

  /** A page with its cursor, or all of it where the CMS's cursor can't be had. */
  override async entriesByFolder(
    folder: string,
    extension: string,
    depth: number,
  ): Promise<T.Entry[]> {
    const { cursorSymbol } = this.#core();
    if (!cursorSymbol) return super.entriesByFolder(folder, extension, depth);
    const { entries, cursor } = await this.#page({ folder, extension, depth, offset: 0 });
    return Object.assign(entries, { [cursorSymbol]: cursor });
  }

  /** Rejecting makes the CMS ask again without end: what there is comes, without a next page. */
  async traverseCursor(
    cursor: T.Cursor,
    action: string,
  ): Promise<{ entries: T.Entry[]; cursor: T.Cursor }> {
    const place = placeOf(cursor);
    try {
      return await this.#page(moved(place, action));
    } catch (error) {
      this.report(error);
      return { entries: [], cursor: cursorAt(place, 0, false) };
    }
  }

  /** Rejecting leaves a spinner for ever: the error is shown, and the list is empty. */
  override async allEntriesByFolder(
    folder: string,
    extension: string,
    depth: number,
    pathRegex?: RegExp,
  ): Promise<T.Entry[]> {
    try {
      return await super.allEntriesByFolder(folder, extension, depth, pathRegex);
    } catch (error) {
      this.report(error);
      return [];
    }
  }

  /**
   * A missing file is an empty entry: the CMS lists a file collection as it is answered here,
   * and a file that is not in the list can't be opened, so it could never be written.
   */
  override async entriesByFiles(files: { path: string; label?: string }[]): Promise<T.Entry[]> {
    const found = await super.entriesByFiles(files);
    if (found.length === files.length) return found;
    const byPath = new Map(found.map((entry) => [entry.file.path, entry]));
    return files.map(
      ({ path, label }) =>
        byPath.get(clean(path)) ?? { data: '', file: { path, id: null, ...(label && { label }) } },
    );
  }

  /**
   * The board asks for one draft after the other by `id`, and shows none if one is
   * rejected. The CMS passes over an entry of a collection that it does not know.
   */
  override async unpublishedEntry(key: {
    id?: string;
    collection?: string;
    slug?: string;
  }): Promise<T.UnpublishedEntry> {
    try {
      return await super.unpublishedEntry(key);
    } catch (error) {
      if (!key?.id) throw error;
      this.report(error);
      return {
        collection: '',
        slug: key.id,
        status: 'draft',
        updatedAt: '',
        openAuthoring: false,
        diffs: [],
      };
    }
  }

  /** The CMS asks every five minutes; no answer means that the host is down. */
  override async status(): Promise<T.Status> {
    try {
      return await super.status();
    } catch {
      return { auth: { status: true }, api: { status: false, statusPage: '' } };
    }
  }

  async #page(place: Place): Promise<{ entries: T.Entry[]; cursor: T.Cursor }> {
    const { folder, extension, depth, offset } = place;
    const { entries, total, more } = await this.entries(folder, extension, depth, {
      offset,
      limit: PAGE_SIZE,
    });
    return { entries, cursor: cursorAt(place, total, more || offset + PAGE_SIZE < total) };
  }
}

/** The page that asks for what the backend needs. */
function signInPage(
  backend: CmsBackend,
  config: T.BackendConfig,
  texts: Texts,
  fetch: typeof globalThis.fetch,
  core: () => Core,
) {
  const host = TOKEN_HOSTS[backend.name];
  if (host) return hostLogin(backend, host, config, texts, fetch, core);
  if (backend.gateway) return gatewayLogin(backend, backend.gateway, texts, core);
  return loginPage(backend, config.login === false, texts, core);
}

/** A path as it is answered, whatever its spelling in the configuration. */
function clean(path: string): string {
  return path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}

/** Static CMS hands over plain data, Decap CMS an Immutable map. */
function placeOf({ data }: T.Cursor): Place {
  const toJS = Reflect.get(data, 'toJS');
  return (typeof toJS === 'function' ? toJS.call(data) : data) as unknown as Place;
}

function moved(place: Place, action: string): Place {
  const step: Record<string, number> = { next: PAGE_SIZE, prev: -PAGE_SIZE };
  return { ...place, offset: Math.max(0, place.offset + (step[action] ?? -place.offset)) };
}

function cursorAt(place: Place, count: number, more: boolean): T.Cursor {
  const { folder, extension, depth, offset } = place;
  return {
    actions: more ? ['next'] : [],
    data: { folder, extension, depth, offset },
    meta: {
      index: offset / PAGE_SIZE,
      count,
      pageSize: PAGE_SIZE,
      pageCount: Math.ceil(count / PAGE_SIZE),
    },
  };
}
