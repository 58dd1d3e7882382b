// Renews the pictures in js/docs: the real CMS with the sample site's posts, and the sign-in page
// of each host.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { openWorld } from '../js/e2e/lib/world.mjs';
import { args, executablePath } from './browser.mjs';
import { HOSTS } from './demo/hosts/index.mjs';

const docs = new URL('../js/docs/', import.meta.url);
const SIGN_IN = ['github', 'gitlab', 'gitea', 'bitbucket', 'git-gateway'];

async function posts({ cms, page }) {
  await page.setViewportSize({ width: 1280, height: 800 });
  await cms.signIn();
  // The bar of a running request at the top would be in the picture.
  await page.waitForTimeout(2000);
  await page.mouse.move(1270, 790);
}

async function signIn({ cms, page }) {
  await page.setViewportSize({ width: 800, height: 600 });
  await cms.open();
  await cms.loginButton().waitFor();
  const more = page.locator('summary');
  if (await more.isVisible()) await more.click();
}

async function picture(browser, name, options, arrange) {
  const world = await openWorld(browser, options);
  await arrange(world);
  const path = fileURLToPath(new URL(`${name}.png`, docs));
  await world.page.screenshot({ path });
  await world.close();
  console.log(path);
}

const browser = await chromium.launch({ executablePath, args });
try {
  mkdirSync(docs, { recursive: true });
  await picture(browser, 'screenshot', { host: 'proxy' }, posts);
  for (const host of SIGN_IN)
    await picture(browser, `signin-${host}`, { host, oauth: HOSTS[host].way }, signIn);
} finally {
  await browser.close();
}
