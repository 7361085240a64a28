// Goal: a founder sets the business up without a command line. Method: an empty workspace, forms only, up to the first admitted lead; then what the API refuses.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { smallBusiness } from '../lib/api.mjs';
import { fixture } from '../lib/fixture.mjs';

const given = fixture();
const { skip } = given;
const stepsMax = 40; // What a person does in five minutes: one field or button every seven seconds.

test('from an empty workspace to the first admitted lead by forms alone', { skip }, async () => {
  const api = await given.api.workspace('founding');
  const one = await given.reader({ key: api.key });
  let steps = 0;
  const fill = async (label, value) => { steps++; await one.page.getByLabel(label, { exact: true }).first().fill(value); };
  const click = async (name, role = 'button') => { steps++; await one.page.getByRole(role, { name }).first().click(); };
  await one.go('/');
  await click('Set up the first process', 'link');
  await click('Next: Process', 'link');
  await click('Publish the process');
  await one.page.locator('#toast', { hasText: 'The process is published.' }).waitFor();
  await click('Start', 'link');
  await click('Next: People', 'link');
  for (const [name, pool] of [['Anna Ahrens', 'Sales'], ['Fiona Founder', 'Founder']]) {
    await fill('Name', name);
    steps++;
    await one.page.getByLabel(pool, { exact: true }).check();
    await click('Add this person');
    await one.page.locator('.set', { hasText: name }).waitFor();
  }
  await click('Start', 'link');
  await click('Next: Slots', 'link');
  await fill('First begins', localTime(Date.now() + 86_400_000));
  await fill('How many', '8');
  await fill('Days between', '2');
  await click(/^Plan$/);
  await one.page.getByText('8 slots ahead.').waitFor();
  await click('Start', 'link');
  await click('Next: Campaigns', 'link');
  await fill('Name', 'Spring search');
  await fill('A win is worth', '12000');
  await click('Add this campaign');
  await one.page.locator('.set', { hasText: 'Spring search' }).waitFor();
  await click('Start', 'link');
  await fill('Name', 'Lena Lead');
  await fill('E-mail', 'lena@example.com');
  await click('Send this lead');
  await one.page.locator('.answer[data-decision=admitted]').waitFor();
  assert.ok(steps <= stepsMax, `${steps} steps`);
  await one.page.getByRole('link', { name: 'Follow it' }).click();
  await one.page.getByRole('heading', { name: /Discovery/ }).waitFor();
  one.check();
});

test('what the API refuses is said at its field, in the API\'s own words', { skip }, async () => {
  const api = await given.api.workspace('refusing');
  await smallBusiness(api);
  const one = await given.reader({ key: api.key });
  await one.go('/setup#people');
  await one.page.getByLabel('Name', { exact: true }).fill('Nora');
  await one.page.getByLabel('Leads a week').fill('-3');
  await one.page.getByLabel('At once').fill('0');
  await one.page.getByRole('button', { name: 'Add this person' }).click();
  for (const label of ['Leads a week', 'At once']) {
    const input = one.page.getByLabel(label);
    await one.page.waitForFunction((i) => i.getAttribute('aria-invalid') === 'true', await input.elementHandle());
    assert.equal(await input.locator('xpath=..').locator('.wrong').getAttribute('data-code'), 'outOfRange');
  }
  assert.equal(await one.page.getByLabel('Leads a week').evaluate((i) => i === document.activeElement), true);
  assert.equal(await one.page.getByLabel('Name', { exact: true }).inputValue(), 'Nora', 'nothing that was written is lost');
  assert.equal((await api.get('/v1/people')).items.length, 2);
  await one.go('/setup#process');
  await one.page.getByLabel('Promised within').first().fill('');
  await one.page.getByRole('button', { name: 'Publish the process' }).click();
  await one.page.locator('.wrong[data-code=required]').first().waitFor();
  assert.equal((await api.get('/v1/process')).version, 1);
  one.check();
});

test('people come from a file, and a row that is refused says its line', { skip }, async () => {
  const api = await given.api.workspace('importing');
  await smallBusiness(api, { people: [] });
  const one = await given.reader({ key: api.key });
  await one.go('/setup#people');
  await one.page.getByText('Import people from a CSV file').click();
  const buffer = Buffer.from('Name;Pools;Weekly capacity;Concurrent;Skills\n"Ahrens; Anna";sales;20;5;de en\nBen;nowhere;20;5;\n王小明;sales;10;3;\n');
  await one.page.getByLabel('File').setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer });
  await one.page.getByRole('button', { name: 'Import 3 rows' }).click();
  await one.page.getByText('2 of 3 rows imported, 1 refused.').waitFor();
  await one.page.getByText(/Line 3: .*no such pool/).waitFor();
  const people = (await api.get('/v1/people')).items;
  assert.deepEqual(people.map((p) => p.name).sort(), ['Ahrens; Anna', '王小明'].sort());
  assert.deepEqual(people.find((p) => p.id === 'ahrens-anna').skills, ['de', 'en']);
  one.check();
});

test('hours, absence, connectors and keys are set up and taken away', { skip }, async () => {
  const api = await given.api.workspace('keeping');
  await smallBusiness(api, { people: ['anna'] });
  const one = await given.reader({ key: api.key });
  one.page.on('dialog', (dialog) => void dialog.accept());
  await one.go('/setup#people');
  await one.page.getByRole('button', { name: 'Change Anna Ahrens' }).click();
  await one.page.getByText('Working hours and absence').click();
  await one.page.locator('input[name=from-mon]').fill('09:00');
  await one.page.locator('input[name=to-mon]').fill('17:00');
  await one.page.locator('input[name=away-from-0]').fill('2030-07-01T00:00');
  await one.page.locator('input[name=away-to-0]').fill('2030-07-15T00:00');
  await one.page.getByRole('button', { name: 'Save' }).click();
  await one.page.locator('.set', { hasText: 'fixed hours' }).waitFor();
  const anna = await api.get('/v1/people/anna');
  assert.deepEqual(anna.hours, { timeZone: 'Europe/Berlin', week: [{ day: 'mon', from: '09:00', to: '17:00' }] });
  assert.equal(anna.away[0].from, '2030-06-30T22:00:00Z');
  await one.go('/setup#connectors');
  await one.page.getByLabel('Leads come from').selectOption('google');
  await one.page.getByLabel('Secret: key').fill('a-secret-of-google');
  await one.page.getByRole('button', { name: 'Add this connector' }).click();
  await one.page.getByText('key set').waitFor();
  assert.doesNotMatch(await one.page.content(), /a-secret-of-google/);
  await one.page.getByRole('button', { name: 'Remove the connector of google' }).click();
  await one.page.getByText('key set').waitFor({ state: 'detached' });
  await one.go('/setup#keys');
  await one.page.getByLabel('Note').fill('the form');
  await one.page.getByRole('button', { name: 'Make this key' }).click();
  const key = await one.page.getByLabel('The new key, shown this once').inputValue();
  assert.match(key, /^cm_/);
  await one.page.getByRole('button', { name: 'I have kept it' }).click();
  await one.page.getByRole('button', { name: 'Withdraw the key the form' }).click();
  await one.page.locator('#toast', { hasText: 'Withdrawn.' }).waitFor();
  assert.equal((await api.get('/v1/keys')).items.some((k) => k.note === 'the form'), false);
  one.check();
});

/** As a reader in Berlin writes it. */
function localTime(at) {
  return new Date(at).toLocaleString('sv-SE', { timeZone: 'Europe/Berlin', dateStyle: 'short', timeStyle: 'short' }).replace(' ', 'T');
}
