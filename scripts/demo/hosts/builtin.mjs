// The CMS's own backends, ours beside which are tested and measured: the name of each in
// StaticCmsApp (its CDN bundle), and what it can do that not all of them can: an editorial
// workflow, and one on forks (open authoring).
export const BUILTINS = {
  github: { name: 'GitHubBackend', can: ['workflow', 'forks'] },
  gitlab: { name: 'GitLabBackend', can: ['workflow'] },
  gitea: { name: 'GiteaBackend', can: [] },
  bitbucket: { name: 'BitbucketBackend', can: ['workflow'] },
};
