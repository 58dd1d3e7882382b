// Where ours differs on purpose, though the built-in backend's way is no defect.
export const CHOSEN = [
  {
    defect: 'a missing branch is told as not found, whatever Gitea calls it',
    shown: {
      'edit a missing branch': {
        'list › rejected': [400, 404],
        'list media › rejected': [400, 404],
        'delete › rejected': [400, 404],
      },
    },
  },
];
