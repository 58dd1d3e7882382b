// The defects of the built-in backend that are known from its source (`backends/git-gateway` of
// @staticcms/core 4.3.0). GitHub is behind it.
import { errorsEmptied, OF_ITS_API } from '../github/api.mjs';
import { failed } from '../shows.mjs';

export const KNOWN = [
  ...OF_ITS_API,
  errorsEmptied(),
  {
    defect: 'it rejects a listing of all entries when the gateway may not ask the host any more',
    shown: {
      'go on with a token that was revoked': {
        'list all': [failed(401), { answered: [], reported: ['Forbidden'] }],
      },
    },
  },
];
