// Goal: a board of ten thousand waiting leads and two hundred people stays a page that answers at once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { process as business } from '../lib/api.mjs';
import { link } from '../lib/browser.mjs';
import { fixture } from '../lib/fixture.mjs';

const given = fixture();
const { skip } = given;
const leads = 10_000;
const people = 200;
const answerMs = 1_000; // An eye forgives this much; the page needs a tenth of it.

test('ten thousand waiting leads and two hundred people', { skip }, async () => {
  const api = await given.api.workspace('large');
  // No slot is planned: nobody can be delivered, so that every lead waits.
  await api.put('/v1/process', business);
  await each(people, 8, (i) => api.put(`/v1/people/p${i}`, { name: `Person ${i}`, pools: ['sales'], weeklyCapacity: 40, concurrent: 10 }));
  await each(leads, 64, (i) => api.lead(`lead-${i}@example.com`));
  const one = await given.reader({ key: api.key });
  await one.go('/');
  await link(one.page, 'live');
  await one.page.locator('.figures', { hasText: '10,000' }).waitFor();
  assert.equal(await one.page.locator('.people > li').count(), people);
  const took = await one.page.evaluate(async () => {
    const find = document.getElementById('find');
    const start = performance.now();
    find.value = 'Person 117';
    find.dispatchEvent(new Event('input', { bubbles: true }));
    while (document.querySelectorAll('.people > li').length !== 1) await new Promise(requestAnimationFrame);
    return performance.now() - start;
  });
  assert.ok(took < answerMs, `a search took ${took} ms`);
  await one.page.locator('.figures a', { hasText: '10,000' }).click();
  await one.page.getByText('The newest 50 leads.').waitFor();
  await one.page.getByRole('button', { name: 'Show more' }).click();
  await one.page.getByText('The newest 100 leads.').waitFor();
  one.check();
});

async function each(count, atOnce, work) {
  let next = 0;
  await Promise.all(Array.from({ length: atOnce }, async () => {
    while (next < count) await work(next++);
  }));
}
