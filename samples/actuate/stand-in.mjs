// One campaign at one platform, on this machine, in the platform's own shapes. Usage: stand-in.mjs PLATFORM [--port N] [--connector]
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';

const ID = '120210000000001';
const json = (text) => { try { return JSON.parse(text); } catch { return {}; } };

// Each: how its connector looks, its words, and what a request asks for: {do: 'read' | 'pause' | 'resume' | 'budget', amount}.
export const platforms = {
  google: {
    words: ['ENABLED', 'PAUSED'], budget: 50_000_000,
    connector: (url) => ({ secrets: { refreshToken: 'any', oauthClientId: 'any', oauthClientSecret: 'any' }, map: { customerId: '1234567890', tokenUrl: `${url}/token` } }),
    asks({ path, body }) {
      if (path === '/token') return { do: 'token' };
      if (path.endsWith('googleAds:search')) return { do: 'read' };
      const operation = json(body).operations?.[0]?.update;
      if (!operation) return null;
      if (json(body).validateOnly) return { do: 'validate' };
      return operation.amountMicros ? { do: 'budget', amount: Number(operation.amountMicros) } : { do: operation.status === 'PAUSED' ? 'pause' : 'resume' };
    },
    answers: ({ do: what }, state) => what === 'token' ? { access_token: 'any', expires_in: 3599 }
      : what === 'read' ? { results: [{ campaign: { resourceName: `customers/1234567890/campaigns/${ID}`, status: state.status, campaignBudget: 'customers/1234567890/campaignBudgets/1' }, campaignBudget: { amountMicros: String(state.budget), referenceCount: '1' } }] }
      : { results: [{}] },
  },
  meta: {
    words: ['ACTIVE', 'PAUSED'], budget: 5_000,
    connector: () => ({ secrets: { accessToken: 'any' } }),
    asks({ method, body }) {
      if (method === 'GET') return { do: 'read' };
      const form = new URLSearchParams(body);
      if (form.has('execution_options')) return { do: 'validate' };
      return form.has('daily_budget') ? { do: 'budget', amount: Number(form.get('daily_budget')) } : { do: form.get('status') === 'PAUSED' ? 'pause' : 'resume' };
    },
    answers: ({ do: what }, state) => what === 'read' ? { id: ID, status: state.status, effective_status: state.status, daily_budget: String(state.budget) } : { success: true },
  },
  linkedin: {
    words: ['ACTIVE', 'PAUSED'], budget: 80,
    connector: () => ({ secrets: { accessToken: 'any' }, map: { adAccount: '42' } }),
    asks({ method, body }) {
      if (method === 'GET') return { do: 'read' };
      const set = json(body).patch?.$set;
      if (!set) return null;
      return set.dailyBudget ? { do: 'budget', amount: Number(set.dailyBudget.amount) } : { do: set.status === 'PAUSED' ? 'pause' : 'resume' };
    },
    answers: ({ do: what }, state) => what === 'read' ? { id: 1, status: state.status, dailyBudget: { amount: String(state.budget), currencyCode: 'EUR' } } : null,
  },
  microsoft: {
    words: ['Active', 'Paused'], budget: 40,
    connector: () => ({ secrets: { accessToken: 'any', developerToken: 'any' }, map: { accountId: '1', customerId: '2' } }),
    asks({ path, body }) {
      if (path.endsWith('/QueryByIds')) return { do: 'read' };
      const campaign = json(body).Campaigns?.[0];
      if (!campaign) return null;
      return campaign.DailyBudget ? { do: 'budget', amount: campaign.DailyBudget } : { do: campaign.Status === 'Paused' ? 'pause' : 'resume' };
    },
    answers: ({ do: what }, state) => what === 'read' ? { Campaigns: [{ Id: ID, Status: state.status, DailyBudget: state.budget, BudgetType: 'DailyBudgetStandard' }], PartialErrors: [] } : { PartialErrors: [] },
  },
  tiktok: {
    words: ['ENABLE', 'DISABLE'], budget: 400,
    connector: () => ({ secrets: { accessToken: 'any' }, map: { advertiserId: '7' } }),
    asks({ path, body }) {
      if (path.includes('/campaign/get/')) return { do: 'read' };
      const asked = json(body);
      if (asked.budget) return { do: 'budget', amount: asked.budget };
      return asked.operation_status ? { do: asked.operation_status === 'DISABLE' ? 'pause' : 'resume' } : null;
    },
    answers: ({ do: what }, state) => ({ code: 0, message: 'OK', data: what === 'read' ? { list: [{ campaign_id: ID, operation_status: state.status, budget_mode: 'BUDGET_MODE_DAY', budget: state.budget }] } : {} }),
  },
};

// Outcomes come in batches: where they are, what a platform says of them, and what makes the server send some. TikTok takes none.
const uploads = {
  google: { path: /\/v1\/events:ingest$/, batch: 'events', answer: () => ({ requestId: 'r1' }), of: { won: '900' } },
  meta: { path: /\/events$/, batch: 'data', answer: (n) => ({ events_received: n, messages: [] }), of: { won: 'Won' }, map: { datasetId: '77' } },
  linkedin: { path: /\/rest\/conversionEvents$/, batch: 'elements', answer: (n) => ({ elements: Array(n).fill({ status: 201 }) }), of: { won: '900' } },
  microsoft: { path: /\/OfflineConversions\/Apply$/, batch: 'OfflineConversions', answer: () => ({ PartialErrors: [] }), of: { won: 'Won' } },
};

/** The connector that leads to the stand-in. */
export function connectorOf(name, url) {
  const { map, ...own } = platforms[name].connector(url);
  const upload = uploads[name];
  return {
    platform: name, ...own, map: { ...map, ...upload?.map, ...(upload && { uploadConsent: 'granted', uploadBaseUrl: url }) }, apiBaseUrl: url,
    campaigns: { [ID]: 'spring' }, actuate: 'apply', ...(upload && { outcomes: upload.of }),
  };
}

// What an upload is answered; null when the request is none.
function uploaded(name, path, body, say) {
  if (name === 'google' && path.endsWith('requestStatus:retrieve')) return { requestStatusPerDestination: [{ requestStatus: 'SUCCESS' }] };
  const upload = uploads[name];
  if (!upload?.path.test(path)) return null;
  const count = json(body)[upload.batch]?.length ?? 0;
  say(`${count} outcome${count === 1 ? '' : 's'}`);
  return upload.answer(count);
}

/** Starts a stand-in; `say` hears what it is told. */
export function start(name, port, say) {
  const platform = platforms[name];
  const state = { status: platform.words[0], budget: platform.budget };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => { if (body.length < 100_000) body += part; });
    request.on('end', () => {
      const path = new URL(request.url, 'http://stand.in').pathname;
      const upload = uploaded(name, path, body, say);
      if (upload) return void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(upload));
      const asked = platform.asks({ method: request.method, path, body });
      if (!asked) return void response.writeHead(404).end('{}');
      if (asked.do === 'pause') state.status = platform.words[1];
      if (asked.do === 'resume') state.status = platform.words[0];
      if (asked.do === 'budget') state.budget = asked.amount;
      if (asked.do !== 'read' && asked.do !== 'token') say(asked.do === 'budget' ? `budget ${asked.amount}` : asked.do);
      const answer = platform.answers(asked, state);
      response.writeHead(answer ? 200 : 204, { 'content-type': 'application/json' }).end(answer ? JSON.stringify(answer) : undefined);
    });
  });
  return new Promise((done) => server.listen(port, '127.0.0.1', () => done({ server, state, url: `http://127.0.0.1:${server.address().port}` })));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values, positionals: [name] } = parseArgs({ allowPositionals: true, options: { port: { type: 'string', default: '5099' }, connector: { type: 'boolean', default: false } } });
  if (!platforms[name]) {
    console.error(`Say one of ${Object.keys(platforms).join(', ')}.`);
    process.exit(2);
  }
  if (values.connector) {
    console.log(JSON.stringify(connectorOf(name, `http://127.0.0.1:${values.port}`)));
  } else {
    const { state, url } = await start(name, Number(values.port), console.log);
    console.log(`${name} at ${url}; enter turns its switch by hand`);
    process.stdin.on('data', () => {
      state.status = platforms[name].words[state.status === platforms[name].words[0] ? 1 : 0];
      console.log(`by hand: ${state.status}`);
    });
  }
}
