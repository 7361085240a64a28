// Goal: a desk offers a lead to one person, and whoever looks at the same desk elsewhere sees what became of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { smallBusiness } from '../lib/api.mjs';
import { fixture } from '../lib/fixture.mjs';

const given = fixture();
const { skip } = given;

test('a salesperson takes an offer, and it leaves every other desk', { skip }, async () => {
  const api = await given.api.workspace('taking');
  await smallBusiness(api);
  await api.post('/v1/people/ben/status', { status: 'away' });
  const [laptop, phone, ben] = await Promise.all([given.reader({ key: api.key }), given.reader({ key: api.key, viewport: { width: 360, height: 740 }, hasTouch: true }), given.reader({ key: api.key })]);
  await Promise.all([laptop.go('/desk?person=anna'), phone.go('/desk?person=anna'), ben.go('/desk?person=ben')]);
  await api.lead('lena@example.com', { message: 'Please call me after five.' });
  await Promise.all([laptop, phone].map((one) => one.page.getByRole('button', { name: 'Accept Lena Lead' }).waitFor()));
  await phone.page.getByText('Please call me after five.').waitFor();
  await ben.page.getByText('No offers come while you are away.').waitFor();
  await phone.page.getByRole('button', { name: 'Accept Lena Lead' }).tap();
  await Promise.all([laptop, phone].map(async (one) => {
    await one.page.getByRole('button', { name: 'Accept Lena Lead' }).waitFor({ state: 'detached' });
    await one.page.getByRole('button', { name: 'Lena Lead was contacted' }).waitFor();
  }));
  await laptop.page.getByRole('button', { name: 'Lena Lead was contacted' }).click();
  await phone.page.getByText(/^Contacted/).waitFor();
  for (const one of [laptop, phone, ben]) one.check();
});

test('a declined offer goes to the next person in its old place', { skip }, async () => {
  const api = await given.api.workspace('declining');
  await smallBusiness(api);
  await api.post('/v1/people/ben/status', { status: 'away' });
  const lead = await api.lead('lena@example.com');
  const [anna, ben] = await Promise.all([given.reader({ key: api.key }), given.reader({ key: api.key })]);
  await Promise.all([anna.go('/desk?person=anna'), ben.go('/desk?person=ben')]);
  await anna.page.getByRole('button', { name: 'Accept Lena Lead' }).waitFor();
  await ben.page.getByRole('button', { name: 'Available' }).click();
  await ben.page.getByText('The next lead appears here by itself.').waitFor();
  await anna.page.getByRole('button', { name: 'Decline Lena Lead' }).click();
  const dialog = anna.page.getByRole('dialog');
  await dialog.getByLabel('Not my field').check();
  await dialog.getByRole('button', { name: 'Decline' }).click();
  await ben.page.getByRole('button', { name: 'Accept Lena Lead' }).click();
  await ben.page.getByRole('button', { name: 'Lena Lead: won' }).waitFor();
  const trace = await api.get(`/v1/leads/${lead}/trace`);
  assert.match(JSON.stringify(trace), /Not my field/);
  for (const one of [anna, ben]) one.check();
});

test('a win is worth something and a loss has a reason', { skip }, async () => {
  const api = await given.api.workspace('ending');
  await smallBusiness(api, { people: ['anna'] });
  for (const name of ['Ada', 'Bea']) {
    const id = await api.lead(`${name}@example.com`, { contact: { name } });
    await api.until(`/v1/leads/${id}`, (l) => l.state === 'offered', 'offered');
    await api.post(`/v1/leads/${id}/accept`, { person: 'anna' });
  }
  const anna = await given.reader({ key: api.key });
  await anna.go('/desk?person=anna');
  await anna.page.getByRole('button', { name: 'Ada: won' }).click();
  const dialog = anna.page.getByRole('dialog');
  await dialog.getByLabel('Amount').fill('12500,50');
  await dialog.getByLabel('Currency').fill('eur');
  await dialog.getByRole('button', { name: 'Won' }).click();
  await anna.page.getByRole('button', { name: 'Ada: won' }).waitFor({ state: 'detached' });
  await anna.page.getByRole('button', { name: 'Bea: lost' }).click();
  await dialog.getByRole('button', { name: 'Lost' }).click();
  assert.ok(await dialog.isVisible(), 'a loss needs a reason');
  await dialog.getByLabel('Why').fill('No budget');
  await dialog.getByRole('button', { name: 'Lost' }).click();
  await anna.page.getByText('Nothing is open.').waitFor();
  const leads = (await api.get('/v1/leads')).items;
  assert.deepEqual(leads.map((l) => l.state).sort(), ['held', 'lost'].sort());
  anna.check();
});
