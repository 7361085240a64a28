// Goal: the demonstration tells its story by itself: the constraint has a name, a cost and a first thing to do, and it moves before the reader's eyes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { link } from '../lib/browser.mjs';
import { fixture } from '../lib/fixture.mjs';

const given = fixture('demo');
const { skip } = given;

test('the demonstration shows the constraint and its move', { skip }, async () => {
  const one = await given.reader();
  await one.go('/');
  await link(one.page, 'live');
  const named = one.page.locator('#headline mark');
  await named.waitFor();
  await one.page.locator('.advice').waitFor();
  // A move takes a minute at most at the demonstration's speed; the chart marks each.
  await one.page.waitForFunction(() => document.querySelectorAll('.moves li').length >= 2, null, { timeout: 100_000 });
  const limits = (await named.innerText()).toLowerCase();
  const latest = (await one.page.locator('.moves li strong').first().innerText()).toLowerCase();
  assert.equal(limits, latest);
  assert.ok(await one.page.locator('.stage .tag', { hasText: 'Constraint' }).isVisible());
  one.check();
});
