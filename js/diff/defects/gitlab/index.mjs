export { CHOSEN } from './chosen.mjs';
export { FOUND } from './found.mjs';
export { KNOWN, OF_ITS_API } from './known.mjs';
