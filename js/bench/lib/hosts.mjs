// The hosts whose fakes are benchmarked. Of each: the statuses that say that a path is not
// there, how many drafts lie on the board, and what ours may cost at most (see row in
// contest.mjs; a job without limits is for information).
export const BENCHED = {
  github: {
    absent: [404],
    drafts: 100,
    limits: {
      firstPage: { requests: 3, ratio: 0.8 },
      all: { requests: 8, ratio: 0.12 },
      unchanged: { requests: 2, ratio: 0.25 },
      large: { requests: 60, memory: 200 },
      save: { requests: 3, ratio: 0.6 },
      images: { requests: 16, ratio: 1 },
      board: { requests: 6, ratio: 0.15 },
    },
  },
  gitlab: {
    absent: [404],
    drafts: 100,
    limits: {
      firstPage: { requests: 3, ratio: 0.9 },
      all: { requests: 22, ratio: 0.15 },
      unchanged: { requests: 2, ratio: 0.3 },
      large: { memory: 200 },
      save: { requests: 2, ratio: 0.7 },
      board: { requests: 8, ratio: 0.2 },
    },
  },
  gitea: {
    absent: [400, 404],
    drafts: 100,
    limits: {
      firstPage: { requests: 3, ratio: 0.9 },
      all: { requests: 38, ratio: 0.15 },
      unchanged: { requests: 2, ratio: 0.3 },
      large: { memory: 200 },
      save: { requests: 2, ratio: 0.7 },
      board: { requests: 8 },
    },
  },
  bitbucket: {
    absent: [404],
    drafts: 50, // The built-in backend lists no more.
    limits: {
      firstPage: { requests: 24 },
      all: { requests: 1020, ratio: 0.6 },
      unchanged: { requests: 2 },
      changed: { requests: 9 },
      large: { memory: 200 },
      save: { requests: 2 },
    },
  },
};
