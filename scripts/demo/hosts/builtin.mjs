// The CMS's own backends, ours beside which are tested and measured: the name of each in
// StaticCmsApp (its CDN bundle), and what it can do that not all of them can: a repository that the
// configuration names, an editorial workflow, and one on forks (open authoring).
export const BUILTINS = {
  github: { name: 'GitHubBackend', can: ['repo', 'workflow', 'forks'] },
  gitlab: { name: 'GitLabBackend', can: ['repo', 'workflow'] },
  gitea: { name: 'GiteaBackend', can: ['repo'] },
  bitbucket: { name: 'BitbucketBackend', can: ['repo', 'workflow'] },
  'git-gateway': { name: 'GitGatewayBackend', can: ['workflow'] },
  'git-gateway-gitlab': { name: 'GitGatewayBackend', can: ['workflow'] },
};
