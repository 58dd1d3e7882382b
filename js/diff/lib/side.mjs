// One side of the comparison: a browser with one kind of backend and a fake GitHub of its
// own, and what came of all that people did there.
import { Fake, TOKENS } from './fake.mjs';

const STATUS_PAGE = {
  components: [
    { name: 'API Requests', status: 'operational' },
    { name: 'Pull Requests', status: 'operational' },
  ],
};

export class Side {
  log = [];
  steps = {};

  /** @param {'builtin' | 'ours'} kind */
  static async open(kind, browser, site) {
    const fake = await Fake.start();
    const context = await browser.newContext();
    await context.route('https://www.githubstatus.com/**', (route) =>
      route.fulfill({ json: STATUS_PAGE, headers: { 'Access-Control-Allow-Origin': '*' } }),
    );
    const page = await context.newPage();
    const side = new Side(fake, page, await context.newCDPSession(page));
    await page.goto(`${site.url}/diff/`);
    await page.evaluate((kind) => window.register(kind), kind);
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
        name: 'github',
        repo: this.fake.repository,
        branch: 'main',
        api_root: this.fake.root,
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

  token(login) {
    return TOKENS[login];
  }

  /** Somebody who has signed in, which is a step of its own. */
  async signIn(login, config) {
    const person = await this.open(config);
    await person.does(`${login} signs in`, 'signIn', TOKENS[login], true);
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
