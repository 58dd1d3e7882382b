// The defects of the built-in backend itself (`backends/git-gateway` of @staticcms/core 4.3.0),
// whatever is behind it.
import { post } from '../../lib/files.mjs';
import { failed } from '../shows.mjs';

const entry = (name) => ({
  path: `content/posts/${name}.md`,
  data: post(name.toUpperCase()),
});

export const ITS_OWN = [
  {
    defect: 'it rejects a listing of all entries when the gateway may not ask the host any more',
    shown: {
      'go on with a token that was revoked': {
        'list all': [failed(401), { answered: [], reported: ['Forbidden'] }],
      },
    },
  },
  {
    defect: 'it takes up no session: the widget is found at the second try only, and nobody tries',
    shown: {
      'sign in, and stay so': {
        'take up the session': [
          failed('no error'),
          { login: 'editor@example.com', name: 'Erin Editor', useOpenAuthoring: false },
        ],
        list: [failed('an error'), ['a', 'b'].map(entry)],
      },
    },
  },
  {
    defect: 'where nobody is signed in, it rejects with nothing',
    shown: {
      'sign in with a wrong token': {
        'take up a session › rejected': ['no error', 'an error'],
      },
    },
  },
];
