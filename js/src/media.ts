/** Media files between the CMS's objects and the program's bytes. */

import { BackendError } from './errors.js';
import type { Result } from './protocol.js';
import type { AssetProxy, MediaFile } from './types.js';

/** Types that a browser shows only when it is told; the rest it recognises or downloads. */
const TYPES: Record<string, string> = {
  avif: 'image/avif',
  gif: 'image/gif',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  png: 'image/png',
  svg: 'image/svg+xml',
  webp: 'image/webp',
  pdf: 'application/pdf',
  mp4: 'video/mp4',
  webm: 'video/webm',
};

export interface Asset {
  path: string;
  data: Blob;
}

/**
 * Takes an asset's file, whose bytes nobody reads before they are needed. On re-saving a
 * draft, earlier media come back without their file: then the object URL still has them.
 */
export async function readAsset(asset: AssetProxy): Promise<Asset> {
  const { path, fileObj, url } = asset;
  try {
    return { path, data: fileObj ?? (await (await fetch(url as string)).blob()) };
  } catch {
    throw new BackendError(
      'Invalid',
      `${path} can't be read any more. Remove it from the entry and add it again.`,
      {
        paths: [path],
      },
    );
  }
}

/** A file of the media library, with a URL that shows it. */
export function mediaFile({ meta, blobs }: Result): MediaFile {
  const described = meta as MediaFile;
  const file = new File(blobs.slice(0, 1), described.name, { type: typeOf(described.name) });
  const url = typeof URL.createObjectURL === 'function' ? URL.createObjectURL(file) : '';
  return { ...described, size: file.size, file, url, displayURL: url };
}

function typeOf(name: string): string {
  const extension = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  return TYPES[extension] ?? '';
}
