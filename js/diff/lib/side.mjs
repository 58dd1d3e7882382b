// One side of the comparison: a browser with one kind of backend and a fake host of its
// own, and what came of all that people did there.
import { startFakeHosts } from '../../../scripts/demo/fakehosts.mjs';
import { Fake } from './fake.mjs';
import { GatewayFake } from './gatewayfake.mjs';

/** Where the hosts tell how they are. */
const STATUS_PAGES =
  /^https:\/\/(www\.githubstatus\.com|bitbucket\.status\.atlassian\.com|www\.netlifystatus\.com)\//;

const COMPONENTS = ['API Requests', 'Pull Requests', 'API', 'Git LFS', 'Git Gateway'];

const STATUS_PAGE = {
  components: COMPONENTS.map((name) => ({ name, status: 'operational' })),
};

async function startFake(kind) {
  const Kind = kind.people ? GatewayFake : Fake;
  return new Kind(kind, await startFakeHosts([...kind.flags, ...Kind.flags]));
}

export class Side {
  log = [];
  steps = {};

  /**
   * @param {{kind: import('../../../scripts/demo/hosts/index.mjs').HostKind, builtin?: string}} host
   *   builtin is the name of the CMS's own backend; ours is used without
   */
  static async open({ kind, builtin }, browser, site) {
    const fake = await startFake(kind);
    const context = await browser.newContext();
    await context.route(STATUS_PAGES, (route) =>
      route.fulfill({ json: STATUS_PAGE, headers: { 'Access-Control-Allow-Origin': '*' } }),
    );
    const page = await context.newPage();
    const side = new Side(fake, page, await context.newCDPSession(page));
    await page.goto(`${site.url}/diff/`);
    const names = { name: kind.backend, builtin };
    await page.evaluate((names) => window.register(names), names);
    return side;
  }

  constructor(fake, page, devtools) {
    Object.assign(this, { fake, page, devtools });
    page.on('console', (message) => this.log.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => this.log.push(`uncaught: ${error.message}`));
  }

  /** Runs a scenario from an equal start; answers what each step came to, and all of it. */
  async run(scenario) {
    await this.fake.begin(scenario);
    await this.devtools.send('Network.clearBrowserCache');
    this.log.length = 0;
    this.steps = {};
    this.config = scenario.config ?? {};
    await scenario.run(this);
    await this.page.evaluate(() => window.forget());
    this.note('in the end', await this.fake.state());
    return this.steps;
  }

  /** Notes what a step came to, under its name. */
  note(step, result) {
    if (step in this.steps) throw new Error(`two steps are called “${step}”`);
    this.steps[step] = result;
  }

  /** A site that is opened, with nobody signed in. What config has wins over the scenario's. */
  async open({ backend, ...config } = {}) {
    const { backend: common, ...rest } = this.config;
    const number = await this.page.evaluate((config) => window.construct(config), {
      backend: {
        ...this.fake.settings(),
        // Without one the built-in's labels are no good: that is a scenario of its own.
        cms_label_prefix: 'static-cms/',
        ...common,
        ...backend,
      },
      media_folder: 'static/images',
      public_folder: '/images',
      publish_mode: 'simple',
      collections: [],
      ...rest,
      ...config,
    });
    return new Person(this, number);
  }

  close() {
    return this.fake.stop();
  }

  /** What somebody types in to sign in. */
  credentials(login) {
    return this.fake.credentials(login);
  }

  /** Somebody who has signed in, which is a step of its own. */
  async signIn(login, config) {
    const person = await this.open(config);
    await person.does(`${login} signs in`, 'signIn', this.credentials(login), true);
    return person;
  }
}

class Person {
  constructor(side, number) {
    Object.assign(this, { side, number });
  }

  /** Calls a method of the backend, and notes the outcome as that step's. */
  async does(step, method, ...args) {
    const call = ([number, method, args]) => window.call(number, method, args);
    this.side.note(step, await this.side.page.evaluate(call, [this.number, method, args]));
  }
}
