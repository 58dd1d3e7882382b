/** A backend as JavaScript sees it: Static CMS's methods over the Go program. */

import { BackendError } from './errors.js';
import { mediaFile, readAsset } from './media.js';
import { bare, type MetadataUse, metadataUse } from './metadata.js';
import type { Result } from './protocol.js';
import { readRepoFiles } from './repofiles.js';
import type { Runtime } from './runtime.js';
import type * as T from './types.js';

/** What the CMS says besides its configuration. */
export interface Initializer {
  useWorkflow?: boolean;
  initialWorkflowStatus?: string;
}

/** How many entries a page of a listing has. */
export const PAGE_SIZE = 20;

export class Backend {
  readonly name: string;
  readonly #config: Record<string, unknown>;
  readonly #runtime: Runtime;
  readonly #metadata: MetadataUse;
  /** The backend's handle in a program, and which program that was. */
  #handle: { generation: number; id: Promise<number> } | undefined;
  #credentials: T.Credentials | undefined;

  constructor(name: string, config: T.CmsConfig, runtime: Runtime, init: Initializer = {}) {
    this.name = name;
    this.#runtime = runtime;
    // Decap CMS revokes the object that it hands over: take what is needed at once.
    this.#metadata = metadataUse(config);
    this.#config = {
      ...plain(config.backend),
      media_folder: config.media_folder,
      public_folder: config.public_folder,
      use_workflow: init.useWorkflow ?? config.publish_mode === 'editorial_workflow',
      initial_status: init.initialWorkflowStatus,
    };
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
    const { message } = error instanceof Error ? error : new Error(String(error));
    this.#runtime.report(
      error instanceof BackendError ? error : new BackendError('Unknown', message),
    );
  }

  async authenticate(credentials: T.Credentials): Promise<T.User> {
    return this.#signIn('authenticate', credentials);
  }

  async restoreUser(user: T.User): Promise<T.User> {
    return this.#signIn('restoreUser', user);
  }

  async logout(): Promise<void> {
    this.#credentials = undefined;
    await this.#call('logout', {});
  }

  async getToken(): Promise<string> {
    return text(await this.#call('getToken', {}));
  }

  async status(): Promise<T.Status> {
    return (await this.#call('status', {})).meta as T.Status;
  }

  /** All entries of a folder, or with `page` the part that starts at `offset`. */
  async entries(
    folder: string,
    extension: string,
    depth: number,
    page: { offset: number; limit: number } = { offset: 0, limit: 0 },
  ): Promise<{ entries: T.Entry[]; total: number }> {
    const { pages, folders } = this.#metadata;
    const metadata = (page.limit > 0 ? pages : folders).has(bare(folder));
    return entriesOf(
      await this.#call('entriesByFolder', { folder, extension, depth, metadata, ...page }),
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
    return entriesOf(await this.#call('entriesByFiles', { files: asked })).entries;
  }

  /** A missing file is an empty entry without id: that is how the CMS shows an empty form. */
  async getEntry(path: string): Promise<T.Entry> {
    try {
      const { entries } = entriesOf(await this.#call('getEntry', { path }));
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
    await this.#call(
      'persistEntry',
      { entry: { dataFiles: plain(entry?.dataFiles), assets }, options: plain(options) },
      assets.map((asset) => asset.data.buffer),
    );
  }

  async deleteFiles(paths: string[], message: string): Promise<void> {
    await this.#call('deleteFiles', { paths, message });
  }

  async getMedia(
    folder?: string,
    folderSupport?: boolean,
    publicFolder?: string,
  ): Promise<T.MediaFile[]> {
    const { meta } = await this.#call('getMedia', { folder, folderSupport, publicFolder });
    return (meta as T.MediaFile[]).map((file) =>
      file.isDirectory ? file : { ...file, displayURL: { id: file.id, path: file.path } },
    );
  }

  async getMediaFile(path: string): Promise<T.MediaFile> {
    return mediaFile(await this.#call('getMediaFile', { path }));
  }

  async getMediaDisplayURL(displayURL: T.DisplayURL | string): Promise<string> {
    if (typeof displayURL === 'string') return displayURL;
    const { url } = await this.getMediaFile(displayURL.path);
    return url as string;
  }

  async persistMedia(file: T.AssetProxy, options: { commitMessage: string }): Promise<T.MediaFile> {
    const asset = await readAsset(file);
    const bytes = asset.data.slice();
    const result = await this.#call('persistMedia', { asset, message: options?.commitMessage }, [
      asset.data.buffer,
    ]);
    return mediaFile({ ...result, blobs: [bytes] });
  }

  async unpublishedEntries(): Promise<string[]> {
    return (await this.#call('unpublishedEntries', {})).meta as string[];
  }

  async unpublishedEntry(key: {
    id?: string;
    collection?: string;
    slug?: string;
  }): Promise<T.UnpublishedEntry> {
    return (await this.#call('unpublishedEntry', plain(key))).meta as T.UnpublishedEntry;
  }

  async unpublishedEntryDataFile(
    collection: string,
    slug: string,
    path: string,
    id?: string,
  ): Promise<string> {
    return text(await this.#call('unpublishedEntryDataFile', { collection, slug, path, id }));
  }

  async unpublishedEntryMediaFile(
    collection: string,
    slug: string,
    path: string,
    id?: string,
  ): Promise<T.MediaFile> {
    return mediaFile(await this.#call('unpublishedEntryMediaFile', { collection, slug, path, id }));
  }

  async updateUnpublishedEntryStatus(
    collection: string,
    slug: string,
    status: string,
  ): Promise<void> {
    await this.#call('updateUnpublishedEntryStatus', { collection, slug, status });
  }

  async publishUnpublishedEntry(collection: string, slug: string): Promise<void> {
    await this.#call('publishUnpublishedEntry', { collection, slug });
  }

  async deleteUnpublishedEntry(collection: string, slug: string): Promise<void> {
    await this.#call('deleteUnpublishedEntry', { collection, slug });
  }

  async getDeployPreview(
    collection: string,
    slug: string,
  ): Promise<{ url: string; status: string } | null> {
    return (await this.#call('getDeployPreview', { collection, slug })).meta as {
      url: string;
      status: string;
    } | null;
  }

  async #signIn(
    method: 'authenticate' | 'restoreUser',
    credentials: T.Credentials | T.User,
  ): Promise<T.User> {
    const { token, refresh_token } = credentials ?? {};
    const { meta } = await this.#call(method, {
      token,
      refresh_token,
      fork: Boolean(credentials?.fork),
    });
    const user = meta as T.User;
    this.#credentials = { token, refresh_token, fork: user.fork !== undefined };
    return {
      ...user,
      ...(user.fork !== undefined && { useOpenAuthoring: true }),
      ...(token !== undefined && { token }),
      ...(refresh_token !== undefined && { refresh_token }),
    };
  }

  async #call(
    method: string,
    args: Record<string, unknown>,
    transfer: Transferable[] = [],
  ): Promise<Result> {
    const { generation } = await this.#runtime.start();
    const backend = await this.#open(generation);
    return this.#runtime.call(generation, method, { ...args, backend }, transfer);
  }

  /** Opens the backend in a program, once: again in a new one. */
  #open(generation: number): Promise<number> {
    if (this.#handle?.generation === generation) return this.#handle.id;
    const id = this.#openIn(generation);
    this.#handle = { generation, id };
    id.catch(() => {
      if (this.#handle?.id === id) this.#handle = undefined;
    });
    return id;
  }

  async #openIn(generation: number): Promise<number> {
    const files = this.name === 'test-repo' ? await readRepoFiles() : undefined;
    const { meta } = await this.#runtime.call(generation, 'open', {
      name: this.name,
      config: this.#config,
      files,
    });
    const { backend } = meta as { backend: number };
    // After a crash the new program knows nobody; who was signed in stays so.
    if (this.#credentials)
      await this.#runtime.call(generation, 'restoreUser', { ...this.#credentials, backend });
    return backend;
  }
}

function entriesOf({ meta, texts }: Result): { entries: T.Entry[]; total: number } {
  const { files, total } = meta as { files: T.EntryFile[]; total: number };
  return { total, entries: files.map((file, i) => ({ data: texts[i] as string, file })) };
}

function text({ texts }: Result): string {
  return texts[0] ?? '';
}

/** Plain data: what can't be cloned into a Worker (functions, proxies) is left out. */
function plain<V>(value: V): V {
  return value === undefined ? value : JSON.parse(JSON.stringify(value));
}
