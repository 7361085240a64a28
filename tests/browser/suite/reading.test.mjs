// Goal: everybody can read and use every page. Method: axe for WCAG 2.2 AA in light and dark, the keyboard alone, a narrow phone, hostile and long names.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { smallBusiness } from '../lib/api.mjs';
import { axeFinds } from '../lib/axe.mjs';
import { link } from '../lib/browser.mjs';
import { fixture } from '../lib/fixture.mjs';

let api;
let pages;
const given = fixture({ prepare });
const { skip } = given;
const hostile = '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>';

async function prepare(given) {
  api = await given.api.workspace('reading');
  await smallBusiness(api, { campaign: { mode: 'propose' } });
  const id = await api.lead('lena@example.com', { message: 'Hello', contact: { phone: '+49 30 1234567', company: 'Muster GmbH' } });
  await api.until(`/v1/leads/${id}`, (l) => l.state === 'offered', 'offered');
  const { person } = await api.get(`/v1/leads/${id}`);
  pages = ['/', `/desk?person=${person}`, '/leads', `/leads/${id}`, '/setup', ...['process', 'people', 'slots', 'campaigns', 'connectors', 'keys'].map((step) => `/setup#${step}`), '/login'];
}

/** Opens a page and waits for what it is about. */
async function open(one, path) {
  await one.go('/login'); // Another document in between: an address that differs in its fragment only would load nothing.
  await one.go(path);
  if (path !== '/login') await link(one.page, 'live');
  await one.page.waitForFunction(() => !document.querySelector('.first') && !/Reading/.test(document.querySelector('main').innerText));
}

for (const colorScheme of ['light', 'dark']) {
  test(`axe finds nothing on any page in ${colorScheme}`, { skip }, async () => {
    const one = await given.reader({ key: api.key, colorScheme });
    for (const path of pages) {
      await open(one, path);
      assert.deepEqual((await axeFinds(one.page)).map((finding) => `${path}: ${finding}`), []);
    }
    one.check();
  });
}

test('no page scrolls sideways at 360 pixels', { skip }, async () => {
  const one = await given.reader({ key: api.key, viewport: { width: 360, height: 740 } });
  for (const path of pages) {
    await open(one, path);
    assert.equal(await one.page.evaluate(() => document.documentElement.scrollWidth), 360, path);
  }
  one.check();
});

test('the keyboard alone reaches and works everything on the board', { skip }, async () => {
  const one = await given.reader({ key: api.key });
  await open(one, '/');
  await one.page.keyboard.press('Tab');
  assert.equal(await one.page.evaluate(() => document.activeElement.className), 'skip');
  await one.page.keyboard.press('Enter');
  const wanted = await one.page.evaluate(() => [...document.querySelectorAll('main a[href], main button:not([disabled]), main input, main select, main [tabindex="0"]')].length);
  const reached = new Set();
  for (let i = 0; i < wanted + 5; i++) {
    await one.page.keyboard.press('Tab');
    const at = await one.page.evaluate(() => {
      const element = document.activeElement;
      if (!element?.closest('main')) return null;
      const outline = getComputedStyle(element);
      globalThis.visited ??= new Map();
      if (!globalThis.visited.has(element)) globalThis.visited.set(element, globalThis.visited.size);
      return { index: globalThis.visited.get(element), visible: outline.outlineStyle !== 'none' && parseFloat(outline.outlineWidth) > 0 };
    });
    if (!at) continue;
    assert.ok(at.visible, 'focus can be seen');
    reached.add(at.index);
  }
  assert.ok(reached.size >= wanted, `${reached.size} of ${wanted} reached`);
  // And a dialog by keys: open, choose, leave; the focus is where it was.
  await one.page.getByRole('button', { name: 'Hold Spring search' }).focus();
  await one.page.keyboard.press('Enter');
  await one.page.getByRole('dialog').waitFor();
  await one.page.keyboard.press('Escape');
  await one.page.getByRole('dialog').waitFor({ state: 'hidden' });
  assert.equal(await one.page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Hold Spring search');
  one.check();
});

test('a salesperson needs no mouse', { skip }, async () => {
  const own = await given.api.workspace('keys-only');
  await smallBusiness(own, { people: ['anna'] });
  await own.lead('ada@example.com', { contact: { name: 'Ada' } });
  const one = await given.reader({ key: own.key });
  await one.go('/desk?person=anna');
  const accept = one.page.getByRole('button', { name: 'Accept Ada' });
  await accept.waitFor();
  for (let i = 0; i < 40 && !(await accept.evaluate((b) => b === document.activeElement)); i++) await one.page.keyboard.press('Tab');
  await one.page.keyboard.press('Enter');
  await one.page.getByRole('button', { name: 'Ada was contacted' }).waitFor();
  one.check();
});

test('whoever wants less motion gets none', { skip }, async () => {
  const one = await given.reader({ key: api.key, reducedMotion: 'reduce' });
  await open(one, '/');
  const moving = await one.page.evaluate(() => [...document.querySelectorAll('*')].filter((e) => {
    const s = getComputedStyle(e);
    return s.transitionDuration.split(',').some((d) => parseFloat(d) > 0) || s.animationName !== 'none';
  }).length);
  assert.equal(moving, 0);
});

test('HTML in every field is shown as text and runs nowhere', { skip }, async () => {
  const own = await given.api.workspace('hostile');
  await smallBusiness(own, { people: [], campaign: { name: hostile, channel: 'google', promise: { id: 'p', text: hostile } } });
  await own.put('/v1/people/eve', { name: hostile, pools: ['sales'], weeklyCapacity: 40, concurrent: 10 });
  const id = await own.lead('eve@example.com', { message: hostile, contact: { name: hostile, company: hostile } });
  await own.until(`/v1/leads/${id}`, (l) => l.state === 'offered', 'offered');
  const one = await given.reader({ key: own.key });
  for (const path of ['/', '/desk?person=eve', '/leads', `/leads/${id}`, '/setup']) {
    await open(one, path);
    assert.equal(await one.page.locator('img[src=x]').count(), 0, path);
    assert.notEqual(await one.page.title(), 'owned', path);
  }
  await open(one, '/desk?person=eve');
  await one.page.locator('.card', { hasText: '<script>' }).waitFor();
  one.check();
});

test('names of two hundred characters in every script stay in their place', { skip }, async () => {
  const own = await given.api.workspace('long');
  await smallBusiness(own, { people: [] });
  const alphabets = { latin: 'Wolfeschlegelsteinhausen', han: '王小明', arabic: 'محمد', devanagari: 'नमस्ते', emoji: '👩🏽‍🚀', hebrew: 'שלום', cyrillic: 'Достоевский' };
  const long = (text) => [...text.repeat(200)].slice(0, 100).join('').slice(0, 200);
  for (const [id, text] of Object.entries(alphabets)) {
    await own.put(`/v1/people/${id}`, { name: long(text), pools: ['sales'], weeklyCapacity: 40, concurrent: 10 });
    await own.put(`/v1/campaigns/${id}`, { name: long(text), channel: 'google' });
  }
  await own.lead('long@example.com', { contact: { name: long('ÖÄÜ'), company: long('公司') }, campaign: 'arabic' });
  for (const width of [360, 1280]) {
    const one = await given.reader({ key: own.key, viewport: { width, height: 800 } });
    for (const path of ['/', '/desk?person=latin', '/setup']) {
      await open(one, path);
      assert.equal(await one.page.evaluate(() => document.documentElement.scrollWidth), width, `${path} at ${width}`);
    }
    one.check();
    await one.close();
  }
});
