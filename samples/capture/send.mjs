// Sends a lead the way each ad platform does, to a running server: makes the connector, posts the platform's body with its signature, and for platforms that
// send only an id answers the server's question for the rest. Shapes are written from the platforms' documentation; people and ids are made up.
//   node samples/capture/send.mjs google|meta|linkedin|tiktok|form --key KEY [--url http://127.0.0.1:5080]
import { createHmac, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';

const hmac = (secret, text) => createHmac('sha256', secret).update(text).digest('hex');
const json = { 'Content-Type': 'application/json' };

/** What each platform sends: the connector to make, the request, and what its API says of the lead when asked. */
export const platforms = {
  google: {
    connector: { secrets: { key: 'sample-key' } },
    request: (id, email) => ({
      headers: json,
      body: JSON.stringify({
        lead_id: id, api_version: '1.0', form_id: 4711, campaign_id: 555, google_key: 'sample-key', is_test: false, gcl_id: `click-${id}`,
        user_column_data: [{ column_id: 'FULL_NAME', string_value: 'Sam Sample' }, { column_id: 'EMAIL', string_value: email }],
      }),
    }),
  },
  meta: {
    connector: { secrets: { appSecret: 'sample-app', verifyToken: 'sample-verify', accessToken: 'sample-token' } },
    request: (id) => signed('X-Hub-Signature-256', (body) => `sha256=${hmac('sample-app', body)}`, {
      object: 'page', entry: [{ id: '1', time: 1, changes: [{ field: 'leadgen', value: { leadgen_id: id, page_id: '1', form_id: '9', created_time: 1 } }] }],
    }),
    asked: (id, email) => ({
      id, created_time: new Date().toISOString(), campaign_id: '555', form_id: '9',
      field_data: [{ name: 'email', values: [email] }, { name: 'full_name', values: ['Sam Sample'] }],
    }),
  },
  linkedin: {
    connector: { secrets: { clientSecret: 'sample-client', accessToken: 'sample-token' }, map: { name: 1, requireSignature: true } },
    request: (id) => signed('X-LI-Signature', (body) => hmac('sample-client', `hmacsha256=${body}`), {
      type: 'LEAD_ACTION', leadGenFormResponse: `urn:li:leadGenFormResponse:${id}`, leadAction: 'CREATED', occurredAt: Date.now(),
    }),
    asked: (id, email) => ({
      id, submittedAt: Date.now(), testLead: false, leadMetadata: { sponsoredLeadMetadata: { campaign: 'urn:li:sponsoredCampaign:555' } },
      formResponse: { answers: [
        { questionId: 1, answerDetails: { textQuestionAnswer: { answer: 'Sam Sample' } } }, { questionId: 2, answerDetails: { textQuestionAnswer: { answer: email } } },
      ] },
    }),
  },
  tiktok: {
    connector: { secrets: { clientSecret: 'sample-client' }, map: { leadId: 'lead.id', email: 'lead.email', campaign: 'campaign_id' } },
    request: (id, email) => {
      const stamp = Math.floor(Date.now() / 1000);
      return signed('tiktok-signature', (body) => `t=${stamp},s=${hmac('sample-client', `${stamp}.${body}`)}`, {
        client_key: 'k', event: 'lead', create_time: stamp, content: JSON.stringify({ campaign_id: 555, lead: { id, email } }),
      });
    },
  },
  form: {
    connector: { secrets: {} },
    request: (id, email) => ({ headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams({ name: 'Sam Sample', email, campaign: 'sample' }).toString() }),
  },
};

function signed(header, signature, value) {
  const body = JSON.stringify(value);
  return { headers: { ...json, [header]: signature(body) }, body };
}

/** Sends one lead; what the server said, and the lead as it stands then. */
export async function send(name, { url, key }) {
  const platform = platforms[name];
  const id = name === 'meta' ? String(Date.now()) : randomBytes(8).toString('hex');
  const email = `${name}-${id}@example.com`;
  const api = platform.asked && (await answering(platform.asked(id, email)));
  try {
    const call = async (method, path, value, more = {}) => {
      const response = await fetch(new URL(path, url), { method, headers: { ...json, Authorization: `Bearer ${key}`, ...more.headers }, body: more.body ?? (value && JSON.stringify(value)), redirect: 'manual' });
      return { status: response.status, body: await response.text() };
    };
    const connector = `sample-${name}-${id}`;
    const made = await call('PUT', `/v1/connectors/${connector}`, { platform: name, ...platform.connector, ...(api && { apiBaseUrl: api.address }), campaigns: { 555: 'sample' } });
    if (made.status >= 300) throw new Error(`The connector was refused: ${made.body}`);
    const sent = await call('POST', `/v1/capture/${name}/${connector}`, null, platform.request(id, email));
    for (let i = 0; i < 100; i++) {
      const { items } = JSON.parse((await call('GET', '/v1/leads?campaign=sample&limit=50')).body);
      for (const item of items) {
        const lead = JSON.parse((await call('GET', `/v1/leads/${item.id}`)).body);
        if (lead.profile?.email === email) return { status: sent.status, answer: sent.body, lead };
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`The server said ${sent.status} ${sent.body}, and no lead came.`);
  } finally {
    api?.close();
  }
}

// The platform's own API, which is asked for the fields of a lead.
async function answering(lead) {
  const server = createServer((_, response) => response.writeHead(200, json).end(JSON.stringify(lead)));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { address: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [name, ...rest] = process.argv.slice(2);
  const option = (flag, fallback) => (rest.includes(flag) ? rest[rest.indexOf(flag) + 1] : fallback);
  if (!platforms[name]) {
    console.error(`Name one of ${Object.keys(platforms).join(', ')}.`);
    process.exit(2);
  }
  const { status, answer, lead } = await send(name, { url: option('--url', 'http://127.0.0.1:5080'), key: option('--key', process.env.CAPACITYMESH_KEY) });
  console.log(`${name} heard ${status} ${answer}`);
  console.log(`lead ${lead.id}: ${lead.state}, campaign ${lead.campaign}, ${lead.profile.email}`);
}
