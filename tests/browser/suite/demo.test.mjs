// Goal: the demonstration tells its story by itself: the constraint has a name, a cost and a first thing to do, and it moves before the reader's eyes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { link } from '../lib/browser.mjs';
import { fixture } from '../lib/fixture.mjs';

const given = fixture({ command: 'demo' });
const { skip } = given;
const shiftMax = 0.1; // What a browser calls good for a page's whole life.

test('the demonstration shows the constraint and its move', { skip }, async () => {
  const one = await given.reader();
  await one.go('/');
  await link(one.page, 'live');
  const named = one.page.locator('#headline mark');
  await named.waitFor();
  await one.page.locator('.advice').waitFor();
  await one.page.evaluate(() => {
    globalThis.shifted = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) globalThis.shifted.push({ value: entry.value, of: entry.sources.map((s) => s.node?.className || s.node?.parentElement?.className) });
    }).observe({ type: 'layout-shift' });
  });
  const first = await named.innerText();
  // The story adds slots on its third day, which comes within a minute; from then on another pool is the narrowest.
  // In between nothing may limit, and no pool is named.
  await one.page.waitForFunction((before) => ![undefined, before].includes(document.querySelector('#headline mark')?.innerText), first, { timeout: 100_000 });
  const limits = (await named.innerText()).toLowerCase();
  const latest = (await one.page.locator('.moves li strong').first().innerText()).toLowerCase();
  assert.equal(latest, limits, 'the chart names the move');
  assert.ok(await one.page.locator('.stage .tag', { hasText: 'Constraint' }).isVisible());
  const shifted = await one.page.evaluate(() => globalThis.shifted);
  const sum = shifted.reduce((all, shift) => all + shift.value, 0);
  assert.ok(sum < shiftMax, `the layout shifted by ${sum.toFixed(3)}: ${JSON.stringify(shifted.slice(0, 5))}`);
  one.check();
});
