// Goal: the script changes only what the signals ask for, and resumes only what it paused itself.
// Method: run it against a stub of Google Ads' globals that holds campaigns and labels in memory.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import vm from 'node:vm';

const source = readFileSync(new URL('capacitymesh.js', import.meta.url), 'utf8');
const PAUSED = 'CapacityMesh paused';

const iterate = (items) => {
  let next = 0;
  return { get: () => ({ hasNext: () => next < items.length, next: () => items[next++] }) };
};

function account(...campaigns) {
  const names = new Set(campaigns.flatMap((c) => c.labels));
  for (const campaign of campaigns) {
    campaign.changes = [];
    campaign.api = {
      getName: () => campaign.name,
      isEnabled: () => campaign.enabled,
      isPaused: () => !campaign.enabled,
      pause: () => { campaign.enabled = false; campaign.changes.push('pause'); },
      enable: () => { campaign.enabled = true; campaign.changes.push('enable'); },
      applyLabel: (name) => { assert.ok(names.has(name), 'a label must exist'); campaign.labels.push(name); },
      removeLabel: (name) => { campaign.labels = campaign.labels.filter((l) => l !== name); },
      labels: () => iterate(campaign.labels.map((name) => ({ getName: () => name }))),
    };
  }
  const label = (name) => ({
    getName: () => name,
    campaigns: () => iterate(campaigns.filter((c) => c.labels.includes(name)).map((c) => c.api)),
  });
  return { createLabel: (name) => { names.add(name); }, labels: () => iterate([...names].map(label)) };
}

const line = (action, more = {}) => ({
  campaign: 'spring', channel: 'google', action, budgetMultiplier: action === 'run' ? 1 : 0, since: '2026-01-01T00:00:00Z',
  until: new Date(Date.now() + 600_000).toISOString(), reason: { code: 'x', text: 'because' }, onSilence: 'keep', ...more,
});

function run(ads, answers, { config = {}, store = new Map() } = {}) {
  const calls = [];
  const context = vm.createContext({
    AdsApp: ads,
    Logger: { log: () => {} },
    Utilities: { sleep: () => {} },
    PropertiesService: { getScriptProperties: () => ({ setProperty: (k, v) => store.set(k, v), getProperty: (k) => store.get(k) ?? null }) },
    UrlFetchApp: {
      fetch: (url, options) => {
        calls.push({ url, ...options });
        if (options.method === 'post') return { getResponseCode: () => 200, getContentText: () => '{}' };
        const answer = answers.length > 1 ? answers.shift() : answers[0];
        if (answer === 'unreachable') throw new Error('unreachable');
        if (typeof answer === 'number') return { getResponseCode: () => answer, getContentText: () => '' };
        return { getResponseCode: () => 200, getContentText: () => JSON.stringify({ version: 42, campaigns: answer }) };
      },
    },
  });
  vm.runInContext(source, context);
  Object.assign(context.CONFIG, { url: 'https://mesh.test', key: 'k', dryRun: false, ...config });
  context.main();
  return { acknowledged: calls.filter((c) => c.method === 'post').map((c) => ({ url: c.url, ...JSON.parse(c.payload) })), reads: calls.filter((c) => c.method !== 'post').length };
}

const labelled = (enabled, ...more) => ({ name: 'Spring', enabled, labels: ['CapacityMesh:spring', ...more] });

test('a pause is applied, remembered by a label, and acknowledged', () => {
  const campaign = labelled(true);
  const { acknowledged } = run(account(campaign), [[line('pause')]]);
  assert.equal(campaign.enabled, false);
  assert.ok(campaign.labels.includes(PAUSED));
  assert.equal(acknowledged.length, 1);
  assert.equal(acknowledged[0].url, 'https://mesh.test/v1/spend/spring/acknowledge');
  assert.deepEqual([acknowledged[0].version, acknowledged[0].applied], [42, 'pause']);
});

test('what we paused is enabled again, and the label goes', () => {
  const campaign = labelled(false, PAUSED);
  run(account(campaign), [[line('run')]]);
  assert.equal(campaign.enabled, true);
  assert.ok(!campaign.labels.includes(PAUSED));
});

test('what a human paused stays paused', () => {
  const campaign = labelled(false);
  run(account(campaign), [[line('run')]]);
  assert.deepEqual(campaign.changes, []);
});

test('a label left on a running campaign is taken off, so that a later pause by a human is not taken for ours', () => {
  const campaign = labelled(true, PAUSED);
  run(account(campaign), [[line('run')]]);
  assert.ok(!campaign.labels.includes(PAUSED));
});

test('a campaign without our label is never touched', () => {
  const campaign = { name: 'Other', enabled: true, labels: ['Brand'] };
  run(account(campaign), [[line('pause')]]);
  assert.deepEqual(campaign.changes, []);
});

test('a second run changes nothing', () => {
  const campaign = labelled(true);
  const ads = account(campaign);
  run(ads, [[line('pause')]]);
  run(ads, [[line('pause')]]);
  assert.deepEqual(campaign.changes, ['pause']);
});

test('an eased campaign runs, unless its multiplier is below the threshold', () => {
  const campaign = labelled(true);
  const ease = [[line('ease', { budgetMultiplier: 0.4 })]];
  const first = run(account(campaign), ease);
  assert.deepEqual([campaign.changes, first.acknowledged[0].applied], [[], 'run']);
  run(account(campaign), ease, { config: { pauseBelow: 0.5 } });
  assert.deepEqual(campaign.changes, ['pause']);
});

test('a dry run reads and changes nothing', () => {
  const campaign = labelled(true);
  const { acknowledged, reads } = run(account(campaign), [[line('pause')]], { config: { dryRun: true } });
  assert.deepEqual([campaign.changes, acknowledged, reads], [[], [], 1]);
});

test('while the lease runs a silent server changes nothing that was said', () => {
  const store = new Map();
  const campaign = labelled(true);
  const ads = account(campaign);
  run(ads, [[line('pause', { onSilence: 'keep' })]], { store });
  campaign.api.enable();
  const { reads } = run(ads, ['unreachable'], { store });
  assert.equal(reads, 3);
  assert.equal(campaign.enabled, false);
});

for (const [onSilence, enabled] of [['keep', true], ['pause', false]]) {
  test(`after the lease, silence means ${onSilence}`, () => {
    const store = new Map();
    const campaign = labelled(true);
    const ads = account(campaign);
    run(ads, [[line('run', { onSilence })]], { store });
    const lines = JSON.parse(store.get('capacitymesh'));
    lines.spring.until = '2020-01-01T00:00:00Z';
    store.set('capacitymesh', JSON.stringify(lines));
    const { acknowledged } = run(ads, [503], { store });
    assert.deepEqual([campaign.enabled, acknowledged], [enabled, []]);
  });
}

test('a refused key is not tried again and again', () => {
  const { reads } = run(account(labelled(true)), [401]);
  assert.equal(reads, 1);
});
