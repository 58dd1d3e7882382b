// The defects of the built-in backend that are known from its source (`backends/github` of
// @staticcms/core 4.3.0).
import { SOMETHING } from '../../lib/compare.mjs';
import { listingRejected } from '../alike.mjs';
import { failed } from '../shows.mjs';
import { errorsEmptied, OF_ITS_API } from './api.mjs';

export const KNOWN = [
  {
    defect:
      "the content key is split on the repo's name (repo `blog`, collection `blog` loses drafts)",
    shown: {
      'write a draft in a collection called like the repository': {
        'the board › /a': [SOMETHING, null],
        'the board › posts/a': [null, SOMETHING],
      },
    },
  },
  ...OF_ITS_API,
  listingRejected(401),
  {
    defect: 'the fork poll never waits',
    shown: {
      'wait for a fork': {
        'contributor signs in': [
          failed(404),
          {
            login: 'contributor',
            name: 'Chris Contributor',
            token: 'contributor-token',
            useOpenAuthoring: true,
            asked: true,
          },
        ],
      },
    },
  },
  errorsEmptied({ 'sign in': [SOMETHING, failed(404)] }),
];
