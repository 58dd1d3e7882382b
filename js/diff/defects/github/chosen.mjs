// Where ours differs on purpose, though the built-in backend's way is no defect.
export const CHOSEN = [
  {
    defect:
      'a draft is brought on top of what is published as one commit, which conflicts once and not with each of its saves',
    shown: {
      'save a draft when others have published': {
        'in the end › editor/site › cms/posts/a › commits': [
          [
            'Update Post “a” (Erin Editor)',
            'Update Post “a” (Erin Editor)',
            'Somebody else (Chris Contributor)',
            'Initial commit (Erin Editor)',
          ],
          [
            'Update Post “a” (Erin Editor)',
            'Somebody else (Chris Contributor)',
            'Initial commit (Erin Editor)',
          ],
        ],
      },
    },
  },
  {
    defect:
      'a suggestion that was taken back has no date: that of its closed pull request says nothing of the draft, and costs a request for each',
    shown: {
      'tell when a draft changed': {
        'on the board of the contributor › posts/a': ['a date', null],
      },
    },
  },
];
