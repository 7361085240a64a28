// Every page in light and dark, as documentation: npm run screenshots. A demonstration that has run for a while is what they show.
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Api } from './lib/api.mjs';
import { launch, link, reader, skip } from './lib/browser.mjs';
import { Host } from './lib/host.mjs';

const images = join(dirname(fileURLToPath(import.meta.url)), '../../docs/images');
const storyMs = 180_000; // Until the first slots and colleagues are there, and the constraint has moved twice.
const wall = { width: 1600, height: 1000 };
const phone = { width: 390, height: 844 };

if (skip) throw new Error(skip);
mkdirSync(images, { recursive: true });
const host = await Host.start('demo');
const browser = await launch();
try {
  const api = new Api(host.base);
  console.log(`The story runs for ${storyMs / 1_000} s`);
  await new Promise((done) => setTimeout(done, storyMs));
  await api.put('/v1/campaigns/spring-search', { ...plain(await api.get('/v1/campaigns/spring-search')), mode: 'propose' });
  const lead = (await api.get('/v1/leads?state=delivered&limit=1')).items[0] ?? (await api.get('/v1/leads?limit=1')).items[0];
  const busy = (await api.get('/v1/leads?state=working&limit=1')).items[0];
  const desk = `/desk?person=${busy?.person ?? 'ana'}`;
  const pages = [['board', '/', wall], ['board-phone', '/', phone], ['desk', desk, phone], ['leads', '/leads', wall], ['lead', `/leads/${lead.id}`, wall],
    ['setup', '/setup#process', wall], ['setup-people', '/setup#people', wall], ['login', '/login', wall]];
  for (const colorScheme of ['light', 'dark']) {
    for (const [name, path, viewport] of pages) {
      const one = await reader(browser, host.base, { colorScheme, viewport });
      await one.go(path);
      if (path !== '/login') await link(one.page, 'live');
      await one.page.waitForFunction(() => !document.querySelector('.first') && document.querySelector('main').innerText.length > 40);
      await one.page.screenshot({ path: join(images, `${name}-${colorScheme}.png`), fullPage: name !== 'leads' && name !== 'board-phone' });
      await one.close();
    }
    console.log(`${colorScheme}: ${pages.length} pages`);
  }
} finally {
  await browser.close();
  await host.dispose();
}

/** What a campaign's description holds, of what a reply says. */
function plain({ name, channel, promise, valuePerWin, dailyBudget, onSilence, limits }) {
  return { name, channel, promise, valuePerWin, dailyBudget, onSilence, limits };
}
