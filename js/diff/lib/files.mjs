// Content of repositories, and of what an editor saves.

/** A file of a repository. */
export const text = (content, mode = '100644') => ({ content, mode });
export const binary = (...bytes) => ({ base64: Buffer.from(bytes).toString('base64') });

/** An entry in Markdown, as a site has it. */
export const post = (title, body = 'Text.') => `---\ntitle: ${title}\n---\n${body}\n`;

/** An asset as an editor hands it over: see revive in page.mjs. */
export const asset = (path, ...bytes) => ({ asset: path, ...binary(...bytes) });
export const textAsset = (path, content) => ({ asset: path, text: content });

/** The arguments with which the CMS saves an entry of one file. */
export function saving(path, raw, { newPath, assets = [], ...options } = {}) {
  const slug = path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');
  const dataFile = { path, slug, raw, ...(newPath && { newPath }) };
  return saved([dataFile], assets, options, slug);
}

/** The same for several files: the entry's languages. */
export const savingAll = (dataFiles, { assets = [], ...options } = {}) =>
  saved(dataFiles, assets, options, dataFiles[0].slug);

function saved(dataFiles, assets, options, slug) {
  const verb = options.newEntry ? 'Create' : 'Update';
  return [
    { dataFiles, assets },
    {
      newEntry: false,
      commitMessage: `${verb} Post “${slug}”`,
      collectionName: 'posts',
      useWorkflow: false,
      unpublished: false,
      status: 'draft',
      ...options,
    },
  ];
}
