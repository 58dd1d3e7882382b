/**
 * Which folders and files of a site need to know who changed an entry last, and when.
 * That costs requests, and most sites show neither.
 */

import type { CmsConfig } from './types.js';

/** The names under which Static CMS offers them: see its `constants/commitProps.ts`. */
const USES = /\bcommit_(date|author)\b/;

/** Where a collection's configuration may name them, to show them on each page. */
const SHOWN = [
  'summary',
  'summary_fields',
  'slug',
  'path',
  'nested',
  'view_filters',
  'view_groups',
];

/** And to sort by them, for which the CMS reads all of a folder. */
const SORTED = [...SHOWN, 'sortable_fields'];

/** The paths that need it: of folders by page, of whole folders, and of single files. */
export interface MetadataUse {
  pages: Set<string>;
  folders: Set<string>;
  files: Set<string>;
}

export function metadataUse({ collections }: CmsConfig): MetadataUse {
  const use: MetadataUse = { pages: new Set(), folders: new Set(), files: new Set() };
  for (const collection of list(collections)) {
    const named = (places: string[]) =>
      USES.test(JSON.stringify(places.map((place) => collection[place])));
    if (!named(SORTED)) continue;
    if (typeof collection.folder === 'string') {
      use.folders.add(bare(collection.folder));
      if (named(SHOWN)) use.pages.add(bare(collection.folder));
    }
    for (const { file } of list(collection.files))
      if (typeof file === 'string') use.files.add(bare(file));
  }
  return use;
}

/** A path as every spelling of it has it: the CMS hands over what the configuration says. */
export function bare(path: string): string {
  return path.replace(/^\/+|\/+$/g, '');
}

function list(value: unknown): Record<string, unknown>[] {
  const items: unknown[] = Array.isArray(value) ? value : [];
  return items.filter((item) => typeof item === 'object' && item !== null) as Record<
    string,
    unknown
  >[];
}
