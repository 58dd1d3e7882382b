/** A backend as JavaScript sees it: Static CMS's methods over the Go program. */

import { Connection } from './connection.js';
import { Drafts } from './drafts.js';
import { BackendError, toBackendError } from './errors.js';
import { GATEWAY, Gateway } from './gateway/gateway.js';
import { mediaFile, readAsset } from './media.js';
import { bare, type MetadataUse, metadataUse } from './metadata.js';
import { HostSession, isHost } from './oauth/hostsession.js';
import type { Mode } from './oauth/keeper.js';
import type { Result } from './protocol.js';
import type { Runtime } from './runtime.js';
import { GivenToken, type Kept, type Session } from './session.js';
import type * as T from './types.js';

/** What the CMS says besides its configuration. */
export interface Initializer {
  useWorkflow?: boolean;
  initialWorkflowStatus?: string;
}

/** Part of a listing of `total` entries, as far as it is known, or `more`. */
interface Page {
  entries: T.Entry[];
  total: number;
  more: boolean;
}

/** How many entries a page of a listing has. */
export const PAGE_SIZE = 20;

export class Backend {
  readonly name: string;
  /** Undefined for hosts that are spoken to directly. */
  readonly gateway: Gateway | undefined;
  readonly #session: Session | undefined;
  readonly #connection: Connection;
  readonly #runtime: Runtime;
  readonly #metadata: MetadataUse;
  readonly #drafts: Drafts;

  constructor(
    name: string,
    config: T.CmsConfig,
    runtime: Runtime,
    init: Initializer = {},
    mode: Mode = 'local',
  ) {
    this.name = name;
    this.#runtime = runtime;
    // Decap CMS revokes the object that it hands over: take what is needed at once.
    this.#metadata = metadataUse(config);
    const backend = plain(config.backend);
    this.gateway = name === GATEWAY ? new Gateway(backend, mode, runtime.fetch) : undefined;
    const settings = {
      ...backend,
      media_folder: config.media_folder,
      public_folder: config.public_folder,
      use_workflow: init.useWorkflow ?? config.publish_mode === 'editorial_workflow',
      initial_status: init.initialWorkflowStatus,
    };
    this.#session = this.gateway ? undefined : sessionOf(name, backend, mode, runtime.fetch);
    const { gateway } = this;
    this.#connection = new Connection(name, settings, runtime, { gateway, session: this.#session });
    this.#drafts = new Drafts(this.#connection);
  }

  /** What this tab still has of a session that the CMS has forgotten. */
  sessionLeft(): Kept | undefined {
    return this.#session?.left();
  }

  /** Resolves when the program runs; rejects with why it can't. */
  async ready(): Promise<void> {
    await this.#runtime.start();
  }

  /** Frees the Go program. Later calls are rejected. */
  dispose(): void {
    this.#runtime.dispose();
  }

  /** Shows an error that no call can carry. */
  protected report(error: unknown): void {
    this.#runtime.report(toBackendError(error));
  }

  async authenticate(credentials: T.Credentials): Promise<T.User> {
    return this.#connection.signIn('authenticate', credentials);
  }

  async restoreUser(user: T.User): Promise<T.User> {
    return this.#connection.signIn('restoreUser', user);
  }

  async logout(): Promise<void> {
    await this.#connection.signOut();
  }

  async getToken(): Promise<string> {
    return text(await this.#connection.call('getToken', {}));
  }

  async status(): Promise<T.Status> {
    return (await this.#connection.call('status', {})).meta as T.Status;
  }

  /** All entries of a folder, or with `page` the part that starts at `offset`. */
  async entries(
    folder: string,
    extension: string,
    depth: number,
    page: { offset: number; limit: number } = { offset: 0, limit: 0 },
  ): Promise<Page> {
    const { pages, folders } = this.#metadata;
    const metadata = (page.limit > 0 ? pages : folders).has(bare(folder));
    return entriesOf(
      await this.#connection.call('entriesByFolder', {
        folder,
        extension,
        depth,
        metadata,
        ...page,
      }),
    );
  }

  async entriesByFolder(folder: string, extension: string, depth: number): Promise<T.Entry[]> {
    return (await this.entries(folder, extension, depth)).entries;
  }

  async allEntriesByFolder(
    folder: string,
    extension: string,
    depth: number,
    pathRegex?: RegExp,
  ): Promise<T.Entry[]> {
    const { entries } = await this.entries(folder, extension, depth);
    return pathRegex ? entries.filter(({ file }) => pathRegex.test(file.path)) : entries;
  }

  async entriesByFiles(files: { path: string; label?: string }[]): Promise<T.Entry[]> {
    const asked = files.map(({ path, label }) => ({
      path,
      label,
      metadata: this.#metadata.files.has(bare(path)),
    }));
    return entriesOf(await this.#connection.call('entriesByFiles', { files: asked })).entries;
  }

  /** A missing file is an empty entry without id: that is how the CMS shows an empty form. */
  async getEntry(path: string): Promise<T.Entry> {
    try {
      const { entries } = entriesOf(await this.#connection.call('getEntry', { path }));
      return entries[0] as T.Entry;
    } catch (error) {
      if (error instanceof BackendError && error.kind === 'NotFound')
        return { data: '', file: { path, id: null } };
      throw error;
    }
  }

  async persistEntry(
    entry: { dataFiles: T.DataFile[]; assets?: T.AssetProxy[] },
    options: T.PersistOptions,
  ): Promise<void> {
    const assets = await Promise.all((entry?.assets ?? []).map(readAsset));
    await this.#connection.call('persistEntry', {
      entry: { dataFiles: plain(entry?.dataFiles), assets },
      options: plain(options),
    });
  }

  async deleteFiles(paths: string[], message: string): Promise<void> {
    await this.#connection.call('deleteFiles', { paths, message });
  }

  async getMedia(
    folder?: string,
    folderSupport?: boolean,
    publicFolder?: string,
  ): Promise<T.MediaFile[]> {
    const { meta } = await this.#connection.call('getMedia', {
      folder,
      folderSupport,
      publicFolder,
    });
    return (meta as T.MediaFile[]).map((file) =>
      file.isDirectory ? file : { ...file, displayURL: { id: file.id, path: file.path } },
    );
  }

  async getMediaFile(path: string): Promise<T.MediaFile> {
    return mediaFile(await this.#connection.call('getMediaFile', { path }));
  }

  async getMediaDisplayURL(displayURL: T.DisplayURL | string): Promise<string> {
    if (typeof displayURL === 'string') return displayURL;
    const { url } = await this.getMediaFile(displayURL.path);
    return url as string;
  }

  async persistMedia(file: T.AssetProxy, options: { commitMessage: string }): Promise<T.MediaFile> {
    const asset = await readAsset(file);
    const message = options?.commitMessage;
    const result = await this.#connection.call('persistMedia', { asset, message });
    return mediaFile({ ...result, blobs: [asset.data] });
  }

  async unpublishedEntries(): Promise<string[]> {
    return this.#drafts.list();
  }

  async unpublishedEntry(key: {
    id?: string;
    collection?: string;
    slug?: string;
  }): Promise<T.UnpublishedEntry> {
    return key?.id ? this.#drafts.take(key.id) : this.#drafts.read(plain(key));
  }

  async unpublishedEntryDataFile(
    collection: string,
    slug: string,
    path: string,
    id?: string,
  ): Promise<string> {
    return this.#drafts.text({ collection, slug, path, id });
  }

  async unpublishedEntryMediaFile(
    collection: string,
    slug: string,
    path: string,
    id?: string,
  ): Promise<T.MediaFile> {
    return mediaFile(
      await this.#connection.call('unpublishedEntryMediaFile', { collection, slug, path, id }),
    );
  }

  async updateUnpublishedEntryStatus(
    collection: string,
    slug: string,
    status: string,
  ): Promise<void> {
    await this.#connection.call('updateUnpublishedEntryStatus', { collection, slug, status });
  }

  async publishUnpublishedEntry(collection: string, slug: string): Promise<void> {
    await this.#connection.call('publishUnpublishedEntry', { collection, slug });
  }

  async deleteUnpublishedEntry(collection: string, slug: string): Promise<void> {
    await this.#connection.call('deleteUnpublishedEntry', { collection, slug });
  }

  async getDeployPreview(
    collection: string,
    slug: string,
  ): Promise<{ url: string; status: string } | null> {
    return (await this.#connection.call('getDeployPreview', { collection, slug })).meta as {
      url: string;
      status: string;
    } | null;
  }
}

function entriesOf({ meta, texts }: Result): Page {
  const { files, total, more } = meta as Omit<Page, 'entries'> & { files: T.EntryFile[] };
  return { total, more, entries: files.map((file, i) => ({ data: texts[i] as string, file })) };
}

function text({ texts }: Result): string {
  return texts[0] ?? '';
}

/** Plain data: what can't be cloned into a Worker (functions, proxies) is left out. */
function plain<V>(value: V): V {
  return value === undefined ? value : JSON.parse(JSON.stringify(value));
}

function sessionOf(
  name: string,
  config: T.BackendConfig,
  mode: Mode,
  fetch: typeof globalThis.fetch,
): Session {
  return isHost(name) ? new HostSession(name, config, mode, fetch) : new GivenToken();
}
