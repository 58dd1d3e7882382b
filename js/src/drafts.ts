/** What the CMS's board asks of each draft, one after the other: answered together. */

import type { Connection } from './connection.js';
import { together } from './together.js';
import type { UnpublishedEntry } from './types.js';

export interface DraftFile {
  collection: string;
  slug: string;
  path: string;
  id: string | undefined;
}

/**
 * The CMS asks for the list of drafts, then for each on it, then for each one's text: the list
 * brings all of them along.
 */
export class Drafts {
  readonly #connection: Connection;
  readonly #readText: (file: DraftFile) => Promise<string>;
  /** Listed, and not asked for yet, by content key. */
  #listed = new Map<string, Listed>();
  /** What their files hold, each of which is told once, too. */
  #texts = new Map<string, string>();

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#readText = draftTexts(connection);
  }

  async list(): Promise<string[]> {
    const { meta, texts } = await this.#connection.call('unpublishedEntries', {});
    const listed = new Map((meta as Listed[]).map((draft) => [contentKey(draft), draft]));
    this.#listed = listed;
    this.#texts = takeTexts(listed.values(), texts);
    // The CMS asks in the same turn. Who asks later wants to hear what is there now.
    setTimeout(() => listed.clear());
    return [...listed.keys()];
  }

  /** What a file of a draft holds: under one id, which `take` or `read` told, always the same. */
  async text(file: DraftFile): Promise<string> {
    const name = packed([file]);
    const text = this.#texts.get(name);
    this.#texts.delete(name);
    return text ?? this.#readText(file);
  }

  /** A draft by its content key, once as it was listed. */
  async take(id: string): Promise<UnpublishedEntry> {
    const listed = this.#listed.get(id);
    this.#listed.delete(id);
    if (!listed) {
      const [collection, ...slug] = id.split('/');
      return this.read({ collection, slug: slug.join('/') });
    }
    const { error, ...draft } = listed;
    if (error !== undefined) throw this.#connection.toError(error);
    return draft;
  }

  async read(key: {
    collection?: string | undefined;
    slug?: string | undefined;
  }): Promise<UnpublishedEntry> {
    return (await this.#connection.call('unpublishedEntry', key)).meta as UnpublishedEntry;
  }
}

/** Texts by what `packed` makes of their files, which say that they have one. */
function takeTexts(drafts: Iterable<Listed>, texts: string[]): Map<string, string> {
  const found = new Map<string, string>();
  let next = 0;
  for (const { collection, slug, diffs } of drafts) {
    for (const diff of diffs) {
      if (diff.text) found.set(packed([{ ...diff, collection, slug }]), texts[next++] as string);
      delete diff.text;
    }
  }
  return found;
}

function contentKey({ collection, slug }: UnpublishedEntry): string {
  return `${collection}/${slug}`;
}

function draftTexts(connection: Connection): (file: DraftFile) => Promise<string> {
  return together(async (files: DraftFile[]) => {
    const { meta, texts } = await connection.call('draftTexts', { files: packed(files) });
    return texts.map((text, i) => settled(connection, (meta as Failed[])[i] ?? {}, text));
  });
}

/** They cross in one piece: field by field they take longer to cross than to be answered. */
function packed(files: DraftFile[]): string {
  const fields = files.flatMap(({ collection, slug, path, id }) => [collection, slug, path, id]);
  return fields.map((field) => field ?? '').join('\0');
}

/** The one of many that failed says so in its place. */
interface Failed {
  error?: unknown;
}

type Listed = UnpublishedEntry & Failed & { diffs: { text?: true }[] };

function settled<V>(connection: Connection, { error }: Failed, value: V): PromiseSettledResult<V> {
  return error === undefined
    ? { status: 'fulfilled', value }
    : { status: 'rejected', reason: connection.toError(error) };
}
