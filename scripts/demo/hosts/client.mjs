// Asks a host's API as a person with a token: for what a test arranges, and looks at, beside
// the CMS. Every host's client answers in the same shapes:
//
//   commit  {id, message, author, parents: [id]}
//   pull    {number, title, body, base, head, repository, author, labels: [name],
//            state: 'open' | 'closed' | 'merged'}; repository is the one that head is a branch of

export class Client {
  /**
   * @param {string} root of the API
   * @param {string} token of whoever asks
   * @param {{size: string, most: number}} paging the parameter for a page's length, and its limit
   */
  constructor(root, token, paging) {
    Object.assign(this, { root, token, paging });
  }

  /** Rejects unless the host has done what it was asked. */
  async ask(method, path, body) {
    const response = await fetch(this.root + path, {
      method,
      headers: {
        Authorization: `Bearer ${this.token}`,
        ...(body && { 'Content-Type': 'application/json' }),
      },
      body: body && JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return text === '' ? null : JSON.parse(text);
  }

  /** A list to its last page. */
  async list(path) {
    const { size, most } = this.paging;
    const sign = path.includes('?') ? '&' : '?';
    const all = [];
    for (let page = 1; ; page++) {
      const some = await this.ask('GET', `${path}${sign}${size}=${most}&page=${page}`);
      all.push(...some);
      if (some.length < most) return all;
    }
  }
}
