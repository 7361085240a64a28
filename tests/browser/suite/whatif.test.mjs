// Goal: the what-if panel asks what the sliders say, and draws what the simulator answers beside today's flow. Method: the server's own simulator; the page
// is held against the answer that it got. A server that has no such route is played by the test.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { smallBusiness } from '../lib/api.mjs';
import { axeFinds } from '../lib/axe.mjs';
import { link } from '../lib/browser.mjs';
import { fixture } from '../lib/fixture.mjs';

const answerMsMax = 60_000; // The first answer of a cold server on a busy machine.
let api;
const given = fixture({ prepare: async (all) => {
  api = await all.api.workspace('asking');
  await smallBusiness(api);
  for (let i = 0; i < 6; i++) await api.lead(`lead-${i}@example.com`);
} });
const { skip } = given;

/** The next answer of the simulator to a question with so many changes, with the question. */
async function answerTo(page, changes) {
  const response = await page.waitForResponse((r) => r.url().endsWith('/v1/whatif') && r.status() === 200 && r.request().postDataJSON().changes.length === changes, { timeout: answerMsMax });
  return { question: response.request().postDataJSON(), answer: await response.json() };
}

test('a slider asks the simulator, and its answer stands beside today', { skip }, async () => {
  const one = await given.reader({ key: api.key });
  await one.go('/');
  await link(one.page, 'live');
  const asked = answerTo(one.page, 0);
  await one.page.getByText('What if …').click();
  const { question, answer } = await asked;
  assert.deepEqual(question, { weeks: 8, changes: [] });
  await one.page.getByText(/^As things are: /).waitFor();
  assert.equal(answer.before.constraint.pool, 'onboarding');

  const slider = one.page.getByLabel(/More slots a month in Onboarding/);
  await slider.focus();
  const changed = answerTo(one.page, 1);
  for (let i = 0; i < 20; i++) await one.page.keyboard.press('ArrowRight');
  const last = await changed;
  await one.page.getByText(new RegExp(`^${last.question.changes[0].addSlots.perMonth} more slots a month in onboarding`)).waitFor();
  assert.deepEqual(last.question.changes.map((c) => c.addSlots.pool), ['onboarding']);
  assert.equal(await one.page.locator('.futures svg.river').count(), 2);
  const tenths = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 });
  const [today, after, difference] = await one.page.getByRole('row', { name: /^Sustainable/ }).getByRole('cell').allInnerTexts();
  assert.ok(today.startsWith(tenths.format(last.answer.before.sustainablePerWeek.p50)), today);
  assert.ok(after.startsWith(tenths.format(last.answer.after.sustainablePerWeek.p50)), after);
  assert.ok(difference.startsWith(`+${tenths.format(last.answer.difference.sustainablePerWeek.p50)}`), difference);
  assert.deepEqual(await axeFinds(one.page), []);

  const again = answerTo(one.page, 0);
  await one.page.getByRole('button', { name: 'As it is' }).click();
  await again;
  await one.page.getByText(/^As things are: /).waitFor();
  one.check();
});

test('a question waits its turn while another is under way', { skip }, async () => {
  const one = await given.reader({ key: api.key });
  await one.go('/');
  await link(one.page, 'live');
  let done = false;
  const others = (async () => {
    while (!done) await api.post('/v1/whatif', { weeks: 52, changes: [] }).catch(() => new Promise((rest) => setTimeout(rest, 50)));
  })();
  await one.page.getByText('What if …').click();
  await one.page.getByText('Another question is under way; this one follows.').waitFor({ timeout: answerMsMax });
  done = true;
  await others;
  await one.page.getByText(/^As things are: /).waitFor({ timeout: answerMsMax });
  one.check();
});

test('a server without an answer shows no panel', { skip }, async () => {
  const one = await given.reader({ key: api.key });
  await one.page.route('**/v1/whatif', (route) => route.fulfill({ status: 404, contentType: 'application/problem+json', json: { status: 404, code: 'notFound', detail: 'There is no such route.' } }));
  await one.go('/');
  await link(one.page, 'live');
  await one.page.getByText('What if …').click();
  await one.page.locator('#ask').waitFor({ state: 'hidden' });
  one.check();
});
