import type { Texts } from './auth/texts.js';
import type { BackendError } from './errors.js';

/** A store for blobs. It may forget at any time, and fail without harm. */
export interface BlobStore {
  /** Answers what it has; ids that it does not have are not there. */
  get(ids: string[]): Promise<Record<string, Uint8Array>>;
  put(blobs: Record<string, Uint8Array>): Promise<void>;
  /** The names that begin with `prefix`, the newest at the end. Without it a host is asked for more. */
  names?(prefix: string): Promise<string[]>;
  /** Forgets everything, at sign-out. */
  clear(): Promise<void>;
}

/** The wasm is on its way. */
export interface Loading {
  phase: 'load';
  /** Bytes so far, and in all (0 if unknown). */
  loaded: number;
  total: number;
}

/** A host lets us wait, usually because of its rate limit. */
export interface Waiting {
  phase: 'wait';
  /** The backend's name. */
  host: string;
  /** Why, as a sentence for people. */
  reason: string;
  /** When it goes on at the latest, in milliseconds since 1970; 0: it goes on now. */
  until: number;
}

/** What Mooring tells while it works. */
export type Progress = Loading | Waiting;

export interface Options {
  /** Where the backend's wasm is, e.g. `github.wasm`; default: beside this script. */
  wasmURL?: string | URL;
  /** The module itself, instead of a URL. */
  wasmBytes?: ArrayBuffer | Uint8Array;
  /** Used in place of the global fetch. A function can't go to a Worker, so this means `thread: 'page'`. */
  fetch?: typeof fetch;
  /** Keeps blobs between calls; default: in IndexedDB. Its functions mean `thread: 'page'`. */
  store?: BlobStore;
  /** How many bytes the store in IndexedDB may keep; default: 100 MB. 0 keeps blobs in memory only. */
  storeBytes?: number;
  /** Hears how much of the wasm has arrived, and why a host is waited for; default: a notice on the page while one is. */
  onProgress?: (progress: Progress) => void;
  /** Hears of errors that no call can carry; default: a notice on the page and the console. */
  onError?: (error: BackendError) => void;
  /** Where the Go program runs. `auto`: in a Worker, in the page where none can be had. */
  thread?: 'worker' | 'page' | 'auto';
}

export interface RegisterOptions extends Options {
  /** Other names to register under, by backend: `{proxy: 'my-proxy'}`. Decap CMS needs them. */
  names?: Record<string, string>;
  /**
   * The CMS's module namespace where it is bundled: `import CMS, * as core from
   * '@staticcms/core'`. Static CMS compares errors and cursors with its own classes.
   * With the script tag, the global `StaticCmsApp` is found without it.
   */
  core?: object;
  /** What sign-in pages say instead of their own texts, which are in English, German, French and Spanish. */
  texts?: Partial<Texts>;
  /**
   * Where the token of whoever is signed in lives. `local`, the default: in what the CMS keeps in
   * localStorage, so people stay signed in. `tab`: in this tab, until it is closed. `memory`: in this
   * page, until it is left. Netlify's Identity widget keeps its session itself, as `local` does.
   */
  session?: 'local' | 'tab' | 'memory';
}

/**
 * The `backend` block of a CMS configuration. Which host reads which key is told in the README;
 * other keys are passed over. A value of a wrong type is an error of the first call.
 */
export interface BackendConfig {
  name?: string;
  /** The repository: "owner/name", on GitLab with all of its groups. */
  repo?: string;
  branch?: string;
  /** Where the host's API is. */
  api_root?: string;
  /** Where GraphQL answers; default: derived from `api_root`. */
  graphql_api_root?: string;
  /** The server itself, of which Gitea's API root is derived. */
  base_url?: string;
  /** The word before the token. */
  auth_scheme?: string;
  auth_scope?: string;
  squash_merges?: boolean;
  cms_label_prefix?: string;
  preview_context?: string;
  open_authoring?: boolean;
  always_fork?: boolean;
  proxy_url?: string;
  /** Git Gateway; its address may end in the name of the host behind it. */
  gateway_url?: string;
  /** The identity service that people sign in to for Git Gateway. */
  identity_url?: string;
  /** Where Git Gateway's large files are. */
  large_media_url?: string;
  /** `false` shows large images of the media library as they are; default: scaled down. */
  use_large_media_transforms_in_media_library?: boolean;
  /** `false` signs in without asking, where nothing is needed for it. */
  login?: boolean;
  [key: string]: unknown;
}

/** The part of a CMS configuration that backends read. */
export interface CmsConfig {
  backend: BackendConfig;
  /** The language of the CMS, e.g. `de`. */
  locale?: string;
  media_folder?: string;
  public_folder?: string;
  publish_mode?: string;
  collections?: unknown;
}

export interface User {
  login: string;
  name: string;
  email?: string;
  avatar_url?: string;
  token?: string;
  refresh_token?: string;
  /** Until when the token is good, in milliseconds since 1970, and how long it was in all. */
  expires?: number;
  lifetime?: number;
  /** Stands for a token that is kept elsewhere: see `session` of RegisterOptions. */
  handle?: string;
  backendName?: string;
  /** The fork that they work on, as "owner/name". */
  fork?: string;
  /** There is a fork: the CMS then knows that they may not publish. */
  useOpenAuthoring?: boolean;
}

export interface Credentials {
  token?: string | undefined;
  refresh_token?: string | undefined;
  expires?: number | undefined;
  lifetime?: number | undefined;
  /** Of a session that this page or tab keeps. */
  handle?: string | undefined;
  /** For Git Gateway, where nobody is signed in yet. */
  email?: string | undefined;
  password?: string | undefined;
  /** They agreed to a fork of the repository, where they may not write to it. */
  fork?: boolean | undefined;
}

export interface EntryFile {
  path: string;
  id?: string | null;
  label?: string;
  author?: string;
  updatedOn?: string;
}

export interface Entry {
  data: string;
  file: EntryFile;
}

export interface DisplayURL {
  id: string;
  path: string;
}

export interface MediaFile {
  id: string;
  name: string;
  path: string;
  size?: number;
  displayURL?: DisplayURL | string;
  url?: string;
  file?: File;
  isDirectory?: boolean;
}

/** An asset as Static CMS hands it over (its `AssetProxy`). */
export interface AssetProxy {
  path: string;
  url?: string;
  fileObj?: Blob;
}

export interface DataFile {
  path: string;
  slug?: string;
  raw: string;
  newPath?: string;
}

export interface PersistOptions {
  newEntry?: boolean;
  commitMessage: string;
  collectionName?: string;
  useWorkflow?: boolean;
  unpublished?: boolean;
  status?: string;
}

export interface UnpublishedEntry {
  collection: string;
  slug: string;
  status: string;
  updatedAt: string;
  pullRequestAuthor?: string;
  openAuthoring: boolean;
  diffs: { id: string; path: string; newFile: boolean }[];
}

export interface Status {
  auth: { status: boolean };
  api: { status: boolean; statusPage: string };
}

/** Where a listing goes on. */
export interface Cursor {
  actions: string[] | Set<string>;
  data: Record<string, unknown>;
  meta: Record<string, unknown>;
}
