// Renews js/docs/screenshot.png: the real CMS with the sample site's posts.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { openWorld } from '../js/e2e/lib/world.mjs';
import { args, executablePath } from './browser.mjs';

const file = fileURLToPath(new URL('../js/docs/screenshot.png', import.meta.url));
const browser = await chromium.launch({ executablePath, args });
try {
  const { cms, page, close } = await openWorld(browser, { host: 'proxy' });
  await page.setViewportSize({ width: 1280, height: 800 });
  await cms.signIn();
  // The bar of a running request at the top would be in the picture.
  await page.waitForTimeout(2000);
  mkdirSync(new URL('../js/docs/', import.meta.url), { recursive: true });
  await page.mouse.move(1270, 790);
  await page.screenshot({ path: file });
  await close();
  console.log(file);
} finally {
  await browser.close();
}
