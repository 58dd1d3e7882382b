// Where ours differs on purpose, though the built-in backend's way is no defect.
import { rebasedAsOne } from '../alike.mjs';

export const CHOSEN = [rebasedAsOne];
