// Debian's Chromium, driven by playwright-core. Every page is watched: an error in its script or a refused resource fails the test.
import { existsSync } from 'node:fs';
import assert from 'node:assert/strict';
import { adminKey } from './host.mjs';

const candidates = [process.env.CAPACITYMESH_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = candidates.find((path) => path && existsSync(path));
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** Why browser tests are skipped here, or false. */
export const skip = executablePath ? false : 'No Chromium was found; set CAPACITYMESH_CHROMIUM.';

export async function launch() {
  const { chromium } = await import('playwright-core');
  return chromium.launch({ executablePath, args: flags });
}

/** A logged-in reader. `faults` is what their pages complained of. */
export async function reader(browser, base, { key = adminKey, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', timezoneId: 'Europe/Berlin', reducedMotion: 'reduce', ...options });
  context.setDefaultTimeout(20_000);
  const faults = [];
  context.on('weberror', (fault) => faults.push(String(fault.error())));
  context.on('console', (message) => {
    // Refusals that the page itself tells its reader about are no faults; a Content-Security-Policy's always is.
    if (message.type() === 'error' && !/Failed to load resource|WebSocket connection/.test(message.text())) faults.push(message.text());
  });
  if (key) await logIn(context, base, key);
  const page = await context.newPage();
  return { context, page, faults, go: (path) => page.goto(base + path), close: () => context.close(), check: () => assert.deepEqual(faults, []) };
}

export async function logIn(context, base, key) {
  const response = await context.request.post(`${base}/login`, { form: { key }, headers: { 'X-Requested-With': 'capacitymesh' }, maxRedirects: 0 });
  assert.equal(response.status(), 303, `login: ${response.status()}`);
}

/** Waits until the header says what it should. */
export const link = (page, state) => page.waitForSelector(`#link[data-link=${state}]`);
