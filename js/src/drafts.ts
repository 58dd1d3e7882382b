/** What the CMS's board asks of each draft, one after the other in one turn: asked together. */

import type { Connection } from './connection.js';
import { together } from './together.js';
import type { UnpublishedEntry } from './types.js';

export interface DraftFile {
  collection: string;
  slug: string;
  path: string;
  id: string | undefined;
}

/** Answers with the draft of a content key that was listed. */
export function listedEntries(connection: Connection): (id: string) => Promise<UnpublishedEntry> {
  return together(async (ids: string[]) => {
    const { meta } = await connection.call('listedEntries', { ids: ids.join('\0') });
    const drafts = meta as (UnpublishedEntry & Failed)[];
    return drafts.map((draft) => settled(connection, draft, draft));
  });
}

/** Answers with the text of a file of a draft. */
export function draftTexts(connection: Connection): (file: DraftFile) => Promise<string> {
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

function settled<V>(connection: Connection, { error }: Failed, value: V): PromiseSettledResult<V> {
  return error === undefined
    ? { status: 'fulfilled', value }
    : { status: 'rejected', reason: connection.toError(error) };
}
