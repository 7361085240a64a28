import { after, before } from 'node:test';
import { Api } from './api.mjs';
import { launch, reader, skip } from './browser.mjs';
import { Host } from './host.mjs';

/** A server and a browser for the tests of one file; `prepare` runs once, when both are there. */
export function fixture({ command = 'serve', prepare = async () => {} } = {}) {
  const given = { skip };
  const readers = [];
  before(async () => {
    if (skip) return;
    [given.host, given.browser] = await Promise.all([Host.start(command), launch()]);
    given.api = new Api(given.host.base);
    given.reader = async (options) => {
      const one = await reader(given.browser, given.host.base, options);
      readers.push(one);
      return one;
    };
    await prepare(given);
  });
  after(async () => {
    for (const one of readers) await one.close().catch(() => {});
    await given.browser?.close();
    await given.host?.dispose();
  });
  return given;
}
