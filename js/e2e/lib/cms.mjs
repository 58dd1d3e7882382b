// Static CMS as its user sees it: what can be clicked and what can be read.

const ROW = '.CMS_Entries_entry-listing-table-row';
const CARD = '.CMS_MediaLibraryCard_root';

export class Cms {
  /** account is what the sign-in page asks for, if anything: a token, or {email, password}. */
  constructor(page, address, { backend, account }) {
    Object.assign(this, { page, address, backend, account });
  }

  async open(route = '') {
    await this.page.goto(`${this.address}${route ? `#${route}` : ''}`);
  }

  loginButton() {
    return this.page.getByTestId('login-button');
  }

  tokenField() {
    return this.page.getByLabel(/access token$/);
  }

  /** Presses the button of the sign-in page, with what is asked for. */
  async login(account = this.account) {
    if (typeof account === 'string') return this.#paste(account);
    if (account) await this.#enter(account);
    await this.loginButton().click();
  }

  /** Shows the field for a token: where there is another main way, it is behind that. */
  async askForToken() {
    await this.tokenField().waitFor({ state: 'attached' });
    if (!(await this.tokenField().isVisible())) await this.page.locator('summary').click();
  }

  async #paste(token) {
    await this.askForToken();
    await this.tokenField().fill(token);
    await this.tokenField().press('Enter');
  }

  async #enter({ email, password }) {
    await this.page.getByLabel('E-mail address').fill(email);
    await this.page.getByLabel('Password').fill(password);
  }

  /** Opens the page and signs in; ends on the first screen. */
  async signIn(account = this.account) {
    const token = this.address.includes('?builtin') ? account : undefined;
    if (token) await this.#rememberUser({ backendName: this.backend, token });
    await this.open();
    if (!token) await this.login(account);
    await this.waitForHome();
  }

  // The built-in backends take tokens from an OAuth server alone, or from an earlier session.
  async #rememberUser(user) {
    await this.page.addInitScript((text) => {
      localStorage.setItem('static-cms-user', text);
    }, JSON.stringify(user));
  }

  /** The list of posts, or with the workflow its board. */
  async waitForHome() {
    await this.row().first().or(this.page.locator('.CMS_Dashboard_root')).first().waitFor();
  }

  async signOut() {
    await this.menu('account options dropdown', 'Log Out');
    await this.loginButton().waitFor();
  }

  async go(route) {
    await this.page.evaluate((to) => {
      window.location.hash = to;
    }, route);
  }

  async menu(label, item) {
    await this.page
      .locator(`[aria-label="${label}"] button:visible, button[aria-label="${label}"]:visible`)
      .first()
      .click();
    await this.page.getByRole('menuitem', { name: item, exact: true }).click();
  }

  // Lists

  row(text) {
    const rows = this.page.locator(ROW);
    return text ? rows.filter({ hasText: text }) : rows;
  }

  async titles() {
    return this.page.locator(`${ROW} td:first-child`).allInnerTexts();
  }

  async openCollection(name, label) {
    await this.go(`/collections/${name}`);
    await this.page.locator('.CMS_Collection_header-label', { hasText: label }).waitFor();
  }

  /**
   * Scrolls the list to its end, which is so many rows away; gives the titles that came by. Only
   * rows in sight are drawn, and a busy machine misses some: back and forth, then.
   */
  async scrollThrough(count) {
    const seen = new Set();
    const table = this.page
      .locator('.CMS_Entries_entry-listing-table-content, .CMS_Table_root')
      .first();
    let [step, idle] = [600, 0];
    const scroll = async () => {
      const before = seen.size;
      for (const title of await this.titles()) seen.add(title);
      idle = seen.size > before ? 0 : idle + 1;
      if (idle > 10) [step, idle] = [-step, 0];
      await table.hover();
      await this.page.mouse.wheel(0, step);
    };
    await this.until(
      async () => {
        await scroll();
        return seen.size >= count;
      },
      `${count} rows`,
      60_000,
    );
    // What should not be there, too.
    for (let more = 0; more < 3; more++) await scroll();
    return [...seen];
  }

  async search(text) {
    const box = this.page.locator('input.CMS_CollectionSearch_input:visible');
    await box.fill(text);
    await box.press('Enter');
  }

  // Editor

  async openEntry(collection, slug, title) {
    await this.go(`/collections/${collection}/entries/${slug}`);
    if (title) await this.waitForValue('Title', title);
  }

  async newEntry(collection) {
    await this.go(`/collections/${collection}/new`);
    await this.field('Title').waitFor();
  }

  /** A field's frame; pane 1 is the right one, where an i18n editor shows the other locale. */
  field(label, pane = 0) {
    const exact = new RegExp(`^field-${label}(\\s|$)`);
    return this.page.getByTestId(exact).filter({ visible: true }).nth(pane);
  }

  input(label, pane) {
    return this.field(label, pane).locator('input, textarea').first();
  }

  async waitForValue(label, value, pane) {
    const read = () => this.input(label, pane).inputValue({ timeout: 1000 });
    await this.until(
      async () => (await read().catch(() => '')) === value,
      `field ${label} to read "${value}"`,
    );
  }

  async fill(label, value, pane) {
    await this.input(label, pane).fill(value);
    // The CMS hands a keystroke on only after a moment.
    await this.page.waitForTimeout(300);
  }

  /** Adds text at the end of the Markdown body. */
  async typeBody(text) {
    const body = this.field('Body').locator('[contenteditable=true]').first();
    await body.locator('p').last().click();
    await this.page.keyboard.press('Control+End');
    // At once: the editor puts its cursor back to the start while it hands on
    // the first key.
    await this.page.keyboard.insertText(text);
    await this.page.waitForTimeout(500);
  }

  async pressPublish() {
    await this.page.getByTestId('publish-dropdown').click();
    await this.page.getByTestId('publish-now-button').click();
  }

  async publish() {
    await this.pressPublish();
    await this.expectToast('success');
    await this.page.getByTestId('publish-dropdown').filter({ hasText: 'Published' }).waitFor();
    await this.settle();
  }

  // The editor loads what was saved once more, and drops keys typed meanwhile.
  async settle() {
    await this.page.waitForTimeout(700);
  }

  saveButton() {
    return this.page.locator('[aria-label="save unpublished entry"]:visible');
  }

  async saveDraft() {
    await this.saveButton().click();
    await this.expectToast('success');
    await this.until(() => this.saveButton().isDisabled(), 'nothing left to save');
    await this.settle();
  }

  async deleteEntry() {
    await this.page.getByTestId('editor-extra-menu').click();
    await this.page.getByTestId('delete-button').click();
    await this.confirm();
  }

  async setStatus(label) {
    await this.menu('change status options dropdown', label);
    await this.waitForStatus(label);
    await this.expectToast('success');
    await this.settle();
  }

  async waitForStatus(label) {
    const button = this.page.locator('[aria-label="change status options dropdown"]:visible');
    await button.filter({ hasText: label }).waitFor();
  }

  async confirm() {
    await this.page.getByTestId('confirm-button').click();
  }

  // Media

  async openMedia() {
    await this.go('/media');
    await this.page.locator('.CMS_MediaLibrary_root').waitFor();
  }

  card(name) {
    return this.page.locator(CARD).filter({ hasText: name });
  }

  async upload(file) {
    const chooser = this.page.waitForEvent('filechooser');
    await this.page.locator('.CMS_MediaLibrary_upload-button:visible').click();
    await (await chooser).setFiles(file);
  }

  async openFolder(name) {
    await this.card(name).locator('.CMS_MediaLibraryCard_action').dblclick();
  }

  async createFolder(name) {
    await this.page.locator('[aria-label="create folder"]').click();
    await this.page.locator('.CMS_FolderCreationDialog_root input').fill(name);
    await this.page.locator('.CMS_FolderCreationDialog_create-button').click();
  }

  async deleteMedia(name) {
    await this.card(name).hover();
    await this.card(name).locator('.CMS_MediaLibraryCard_delete-button').click();
    await this.confirm();
  }

  // Board

  column(status) {
    return this.page.getByTestId(`drop-zone-${status}`);
  }

  async boardCard(status, title) {
    await this.column(status).getByText(title).first().waitFor();
    const card = this.column(status).getByTestId(`drag-handle-${title}`);
    // Its buttons show under the pointer only.
    await card.hover();
    return card;
  }

  // Messages

  async expectToast(kind, text) {
    const toast = this.page.locator(`.CMS_SnackbarAlert_root.CMS_SnackbarAlert_${kind}`);
    const wanted = text ? toast.filter({ hasText: text }) : toast;
    await wanted.first().waitFor();
    const message = await wanted.first().textContent();
    await wanted
      .first()
      .getByLabel('close')
      .click()
      .catch(() => {});
    await wanted
      .first()
      .waitFor({ state: 'detached' })
      .catch(() => {});
    return message;
  }

  async loginError() {
    const error = this.page.getByTestId('login-error');
    await error.waitFor();
    return error.textContent();
  }

  async waitForNoSpinner() {
    const spinner = this.page.getByText('Loading Entries');
    await this.until(async () => (await spinner.count()) === 0, 'the spinner to end');
  }

  /** Waits until check() is true; says what never came. */
  async until(check, what, ms = 30_000) {
    const end = Date.now() + ms;
    while (Date.now() < end) {
      if (await check()) return;
      await this.page.waitForTimeout(100);
    }
    throw new Error(`waited ${ms / 1000} s for ${what}`);
  }
}
