// Goal: the board shows what limits the business and lets an operator answer. Method: a real server, a real browser, the API as the outside world.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { smallBusiness } from '../lib/api.mjs';
import { link } from '../lib/browser.mjs';
import { fixture } from '../lib/fixture.mjs';

const given = fixture();
const { skip } = given;

test('an operator approves a pause, holds another signal, and ends the hold', { skip }, async () => {
  const api = await given.api.workspace('approving');
  await smallBusiness(api, { people: ['anna'], slots: 1, campaign: { mode: 'propose' } });
  const one = await given.reader({ key: api.key });
  await one.go('/');
  await link(one.page, 'live');
  for (let i = 0; i < 8; i++) await api.lead(`lead-${i}@example.com`);
  const approve = one.page.getByRole('button', { name: 'Approve the proposal for Spring search' });
  await approve.click();
  await one.page.locator('#toast', { hasText: 'Spring search: approved.' }).waitFor();
  const signal = await api.get('/v1/spend/spring');
  assert.notEqual(signal.action, 'run');
  await one.page.locator(`.campaigns .signal[data-action=${signal.action}]`).first().waitFor();
  await one.page.getByRole('button', { name: 'Hold Spring search' }).click();
  const dialog = one.page.getByRole('dialog');
  await dialog.getByLabel('Run').check();
  await dialog.getByRole('button', { name: 'Hold' }).click();
  assert.ok(await dialog.isVisible(), 'a hold needs a reason');
  await dialog.getByLabel('Why').fill('A fair next week');
  await dialog.getByRole('button', { name: 'Hold' }).click();
  await one.page.getByText('Held by a person').waitFor();
  assert.equal((await api.get('/v1/spend/spring')).action, 'run');
  await one.page.getByRole('button', { name: 'End the hold of Spring search' }).click();
  await one.page.getByText('Held by a person').waitFor({ state: 'detached' });
  one.check();
});

test('from a number to its leads, to one lead and every step of its way', { skip }, async () => {
  const api = await given.api.workspace('drilling');
  await smallBusiness(api);
  const id = await api.lead('lena@example.com');
  await api.until('/v1/people/anna/work', (w) => w.offers.length === 1, 'the offer');
  const one = await given.reader({ key: api.key });
  await one.go('/');
  await one.page.locator('.stage', { hasText: 'Discovery' }).getByRole('link', { name: /offered in Sales/ }).click();
  await one.page.waitForURL(/\/leads\?/);
  await one.page.getByText('1 lead.').waitFor();
  await one.page.getByRole('link', { name: /^Offered/ }).click();
  await one.page.waitForURL(`**/leads/${id}`);
  await one.page.getByRole('heading', { name: /Offered in Discovery/ }).waitFor();
  assert.ok((await one.page.locator('.timeline > li').count()) >= 3);
  one.check();
});

test('a filter that nothing fits says so, and the address keeps it', { skip }, async () => {
  const one = await given.reader();
  await one.go('/leads?state=lost&campaign=never-heard-of');
  await one.page.getByText('No lead is like this.').waitFor();
  assert.equal(await one.page.getByLabel('State').inputValue(), 'lost');
  assert.equal(await one.page.getByLabel('Campaign').inputValue(), 'never-heard-of');
  await one.page.getByLabel('State').selectOption('working');
  assert.match(one.page.url(), /state=working/);
  one.check();
});

test('an empty workspace leads to its first process, and is no error', { skip }, async () => {
  const api = await given.api.workspace('empty');
  const one = await given.reader({ key: api.key });
  for (const path of ['/desk', '/leads', '/']) {
    await one.go(path);
    await link(one.page, 'live');
    assert.ok(!(await one.page.locator('main').innerText()).match(/NaN|undefined|null|Infinity/), path);
  }
  await one.page.getByRole('link', { name: 'Set up the first process' }).click();
  await one.page.waitForURL(/\/setup/);
  one.check();
});
