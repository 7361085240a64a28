// The HTTP API as a test uses it: sets a business up, and does what a platform or a colleague would do.
import { adminKey } from './host.mjs';

export class Api {
  constructor(base, key = adminKey) {
    this.base = base;
    this.key = key;
  }

  async send(method, path, body) {
    const response = await fetch(this.base + path, {
      method,
      headers: { Authorization: `Bearer ${this.key}`, ...(body ? { 'Content-Type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }

  get(path) { return this.send('GET', path); }
  put(path, body) { return this.send('PUT', path, body); }
  post(path, body) { return this.send('POST', path, body); }

  /** A workspace of its own, so that tests do not see each other. */
  async workspace(id) {
    const { key } = await this.post('/v1/workspaces', { id, name: id });
    return new Api(this.base, key);
  }

  /** A lead; its id. */
  async lead(email, more = {}) {
    const { contact, ...rest } = more;
    return (await this.post('/v1/leads', { campaign: 'spring', contact: { name: 'Lena Lead', email, ...contact }, ...rest })).leadId;
  }

  /** Asks again until the answer fits. */
  async until(path, fits, what) {
    for (const end = Date.now() + 20_000; Date.now() < end;) {
      const answer = await this.get(path);
      if (fits(answer)) return answer;
      await new Promise((done) => setTimeout(done, 50));
    }
    throw new Error(`never: ${what}`);
  }
}

export const process = {
  pools: [{ id: 'sales', kind: 'people' }, { id: 'onboarding', kind: 'slots' }],
  stages: [
    { id: 'discovery', pool: 'sales', effort: 1, passRate: 0.5, promise: 'P2D', firstResponse: 'PT1H', wins: true },
    { id: 'kickoff', pool: 'onboarding', effort: 1, passRate: 1, promise: 'P30D' },
  ],
  risk: 0.1, offerTimeout: 'PT30M', waitlist: { limit: 20_000, expires: 'P14D' },
};

/** Two salespeople, thirty slots, one campaign: enough room for a handful of leads. */
export async function smallBusiness(api, { people = ['anna', 'ben'], slots = 30, campaign = {} } = {}) {
  await api.put('/v1/process', process);
  for (const id of people) await api.put(`/v1/people/${id}`, { name: id === 'anna' ? 'Anna Ahrens' : id, pools: ['sales'], weeklyCapacity: 40, concurrent: 10 });
  const day = Date.now() + 86_400_000;
  for (let i = 0; i < slots; i++) {
    const at = (hours) => new Date(day + i * 86_400_000 + hours * 3_600_000).toISOString();
    await api.put(`/v1/slots/s${i}`, { pool: 'onboarding', startsAt: at(0), endsAt: at(3) });
  }
  await api.put('/v1/campaigns/spring', { name: 'Spring search', channel: 'google', valuePerWin: { amount: '9000.00', currency: 'EUR' }, ...campaign });
}
