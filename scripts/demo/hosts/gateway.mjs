// A site with Git Gateway before one of the hosts: how its fake is configured and asked.
import { REPOSITORY } from '../samplesite.mjs';
import { bitbucket } from './bitbucket.mjs';
import { github } from './github.mjs';
import { gitlab } from './gitlab.mjs';

/** The host behind it is asked directly, for what a test arranges and looks at. */
const before = (host) => ({
  backend: 'git-gateway',
  label: `Git Gateway before ${host.label}`,
  flags: ['--host=git-gateway', `--provider=${host.backend}`, `--repository=${REPOSITORY}`],
  settings: ({ api }) => ({
    branch: 'main',
    gateway_url: api,
    identity_url: api.replace(/git$/, 'identity'),
    large_media_url: api.replace(/git$/, 'large-media'),
  }),
  client: (hosts, token) => host.client({ ...hosts, api: hosts.upstream }, token),
  people: ({ people }) => people,
});

export const gateway = {
  github: before(github),
  gitlab: before(gitlab),
  bitbucket: before(bitbucket),
};
