// The fake of a site with Git Gateway: its people, beside the host behind it.
import { Fake, NAMES, REPOSITORY } from './fake.mjs';

/** What the gateway asks of who may pass. */
const ROLE = 'editor';

const emailOf = (login) => `${login}@example.com`;

export class GatewayFake extends Fake {
  static flags = [...Fake.flags, `--repository=${REPOSITORY}`];

  /** The repository's owner has given the gateway a token, with which all commits are made. */
  tokensOf(login) {
    const tokens = super.tokensOf(login);
    return login === 'editor' ? [...tokens, this.hosts.gatewayToken] : tokens;
  }

  credentials(login) {
    return { email: emailOf(login), password: `${login}-password` };
  }

  wrongCredentials() {
    return { email: emailOf('editor'), password: 'wrong' };
  }

  /** Passwords are nobody's to keep. */
  session(login) {
    return { login: emailOf(login) };
  }

  async begin(scenario) {
    await super.begin(scenario);
    for (const [login, fullName] of Object.entries(NAMES)) {
      const roles = login === 'editor' ? [ROLE] : [];
      await this.post('gateway/people', { ...this.credentials(login), fullName, roles });
    }
  }

  /** It is the gateway that the host doesn't know any more. */
  revoke() {
    return this.hosts.control.delete('tokens', { value: this.hosts.gatewayToken });
  }

  async permit(login, permission) {
    await super.permit(login, permission);
    const roles = permission === 'read' ? [] : [ROLE];
    if (login in NAMES) await this.post('gateway/roles', { email: emailOf(login), roles });
  }
}
