// Posts leads at a steady rate, and comes back when the server is busy.
import { setTimeout as sleep } from 'node:timers/promises';

const ATTEMPTS_MAX = 8;
const WAIT_MS_MAX = 30_000;
const UNDER_WAY_MAX = 32;

/** Posts one lead; every attempt has the same idempotency key, so a lost answer doubles nothing. Returns {status, decision}. */
export async function post(url, key, lead, { fetch = globalThis.fetch, wait = sleep } = {}) {
  for (let attempt = 1; ; attempt++) {
    const answer = await once(url, key, lead, fetch);
    const busy = answer.status === 429 || answer.status >= 502 || answer.status === 0;
    if (!busy || attempt === ATTEMPTS_MAX) return answer;
    const asked = Number(answer.retryAfter) * 1000;
    const backoff = Math.min(WAIT_MS_MAX, 250 * 2 ** attempt);
    // Half of it by chance, so that many clients do not come back together.
    await wait(asked > 0 ? Math.min(asked, WAIT_MS_MAX) : backoff / 2 + Math.random() * backoff / 2);
  }
}

async function once(url, key, lead, fetch) {
  try {
    const response = await fetch(new URL('/v1/leads', url), {
      method: 'POST',
      headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json', 'Idempotency-Key': `replay-${lead.id}` },
      body: JSON.stringify(lead.body),
      signal: AbortSignal.timeout(WAIT_MS_MAX),
    });
    const body = await response.json().catch(() => ({}));
    return { status: response.status, decision: body.decision, problem: body.code ?? body.title, retryAfter: response.headers.get('retry-after') };
  } catch (fault) {
    return { status: 0, problem: fault.cause?.code ?? fault.name };
  }
}

/** Takes leads from an iterable at a rate (a second), with a bounded number under way. Calls back with each result. */
export async function pace(leads, ratePerSecond, send, { now = Date.now, wait = sleep } = {}) {
  const underWay = new Set();
  const began = now();
  let sent = 0;
  for await (const lead of leads) {
    const due = began + (sent++ / ratePerSecond) * 1000;
    if (due > now()) await wait(due - now());
    if (underWay.size >= UNDER_WAY_MAX) await Promise.race(underWay);
    const task = send(lead).finally(() => underWay.delete(task));
    underWay.add(task);
  }
  await Promise.all(underWay);
  return sent;
}
