export { CHOSEN } from './chosen.mjs';
export { FOUND } from './found.mjs';
export { KNOWN } from './known.mjs';
