// Goal: each stand-in takes a pause, a budget and a resume in its platform's shape, and shows them when it is read.
// Method: bodies written from the platforms' documentation, over HTTP.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectorOf, platforms, start } from './stand-in.mjs';

const id = Object.keys(connectorOf('meta', 'http://x').campaigns)[0];
const post = (path, body, method = 'POST') => ({ path, method, body: typeof body === 'string' ? body : JSON.stringify(body) });

const calls = {
  google: {
    read: post('/v25/customers/1234567890/googleAds:search', { query: 'SELECT campaign.status FROM campaign' }),
    pause: post('/v25/customers/1234567890/campaigns:mutate', { operations: [{ update: { resourceName: `customers/1234567890/campaigns/${id}`, status: 'PAUSED' }, updateMask: 'status' }], partialFailure: true, validateOnly: false }),
    budget: post('/v25/customers/1234567890/campaignBudgets:mutate', { operations: [{ update: { resourceName: 'customers/1234567890/campaignBudgets/1', amountMicros: '60' }, updateMask: 'amountMicros' }], partialFailure: true, validateOnly: false }),
    shows: (b) => [b.results[0].campaign.status, b.results[0].campaignBudget.amountMicros],
  },
  meta: { read: { path: `/v26.0/${id}?fields=status`, method: 'GET' }, pause: post(`/v26.0/${id}`, 'status=PAUSED'), budget: post(`/v26.0/${id}`, 'daily_budget=60'), shows: (b) => [b.status, b.daily_budget] },
  linkedin: {
    read: { path: `/rest/adAccounts/42/adCampaigns/${id}`, method: 'GET' },
    pause: post(`/rest/adAccounts/42/adCampaigns/${id}`, { patch: { $set: { status: 'PAUSED' } } }),
    budget: post(`/rest/adAccounts/42/adCampaigns/${id}`, { patch: { $set: { dailyBudget: { amount: '60', currencyCode: 'EUR' } } } }),
    shows: (b) => [b.status, b.dailyBudget.amount],
  },
  microsoft: {
    read: post('/CampaignManagement/v13/Campaigns/QueryByIds', { AccountId: '1', CampaignIds: [id] }),
    pause: post('/CampaignManagement/v13/Campaigns', { AccountId: '1', Campaigns: [{ Id: id, Status: 'Paused' }] }, 'PUT'),
    budget: post('/CampaignManagement/v13/Campaigns', { AccountId: '1', Campaigns: [{ Id: id, DailyBudget: 60 }] }, 'PUT'),
    shows: (b) => [b.Campaigns[0].Status, b.Campaigns[0].DailyBudget],
  },
  tiktok: {
    read: { path: '/open_api/v1.3/campaign/get/?advertiser_id=7', method: 'GET' },
    pause: post('/open_api/v1.3/campaign/status/update/', { advertiser_id: '7', campaign_ids: [id], operation_status: 'DISABLE' }),
    budget: post('/open_api/v1.3/campaign/update/', { advertiser_id: '7', campaign_id: id, budget: 60 }),
    shows: (b) => [b.data.list[0].operation_status, b.data.list[0].budget],
  },
};

for (const [name, { read, pause, budget, shows }] of Object.entries(calls)) {
  test(`${name} takes a pause and a budget, and shows them`, async () => {
    const heard = [];
    const { server, url } = await start(name, 0, (word) => heard.push(word));
    try {
      const send = ({ path, method, body }) => fetch(url + path, { method, body });
      for (const call of [pause, budget]) assert.ok((await send(call)).ok);
      const [status, amount] = shows(await (await send(read)).json());
      assert.deepEqual([status, Number(amount)], [platforms[name].words[1], 60]);
      assert.deepEqual(heard, ['pause', 'budget 60']);
      assert.equal((await send({ path: '/elsewhere', method: 'POST', body: '{}' })).status, name === 'meta' ? 200 : 404);
    } finally {
      server.close();
    }
  });
}

test('outcomes are counted and thanked for in the words of the platform', async () => {
  const batches = { google: ['/v1/events:ingest', 'events'], meta: ['/v26.0/77/events', 'data'], linkedin: ['/rest/conversionEvents', 'elements'], microsoft: ['/CampaignManagement/v13/OfflineConversions/Apply', 'OfflineConversions'] };
  for (const [name, [path, batch]] of Object.entries(batches)) {
    const heard = [];
    const { server, url } = await start(name, 0, (word) => heard.push(word));
    try {
      const answer = await (await fetch(url + path, { method: 'POST', body: JSON.stringify({ [batch]: [{}, {}] }) })).json();
      assert.deepEqual(heard, ['2 outcomes']);
      if (name === 'meta') assert.equal(answer.events_received, 2);
    } finally {
      server.close();
    }
  }
});

test('a connector leads to the stand-in and nowhere else', () => {
  for (const name of Object.keys(platforms)) {
    const connector = connectorOf(name, 'http://127.0.0.1:5099');
    assert.equal(connector.apiBaseUrl, 'http://127.0.0.1:5099');
    assert.equal(connector.platform, name);
    assert.equal(connector.actuate, 'apply');
  }
});
