// HTTP: JSON in, JSON or a Problem out. Any 401 leads to the login page and back.

/** What is wrong with one field of a body: `pools[0]`, `hours.week[2].from`. */
export interface FieldProblem { field: string; code?: string; text?: string }

interface ProblemBody { title?: string; detail?: string; code?: string; errors?: FieldProblem[] }

/** An answer that is not 2xx, or none at all (status 0). `message` is fit to be shown. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string | undefined;
  readonly fields: readonly FieldProblem[];
  /** When the server wants to be asked again; null when it did not say. */
  readonly retryAfterMs: number | null;

  constructor(status: number, body: ProblemBody, retryAfter: string | null = null) {
    super(sentenceOf(status, body));
    this.status = status;
    this.code = body.code;
    this.retryAfterMs = retryAfter && /^\d{1,5}$/.test(retryAfter) ? Number(retryAfter) * 1_000 : null;
    this.fields = Array.isArray(body.errors) ? body.errors : [];
  }
}

const requestTimeoutMs = 15_000; // An answer later than this helps nobody who waits before a page.

export async function getJson<T>(path: string): Promise<T> {
  return (await request(path, { method: 'GET' })) as T;
}

export async function postJson(path: string, body: object = {}): Promise<void> {
  await sendJson('POST', path, body);
}

/** Sends a body and reads the answer. */
export async function sendJson<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: object, timeoutMs = requestTimeoutMs): Promise<T> {
  return (await request(path, {
    method,
    headers: { 'X-Requested-With': 'capacitymesh', ...(body ? { 'Content-Type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  }, timeoutMs)) as T;
}

/** A path with every value safely encoded: path`/v1/leads/${id}`. */
export function path(parts: TemplateStringsArray, ...values: string[]): string {
  return parts.reduce((all, part, i) => all + encodeURIComponent(values[i - 1] ?? '') + part);
}

export function toLogin(): void {
  const here = location.pathname + location.search;
  location.assign(`/login?next=${encodeURIComponent(here)}`);
}

async function request(url: string, init: RequestInit, timeoutMs = requestTimeoutMs): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(url, {
      ...init,
      credentials: 'same-origin',
      cache: 'no-store',
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch {
    throw new Problem(0, { detail: 'The server cannot be reached. Nothing was changed as far as we know.' });
  }
  if (response.status === 401) toLogin();
  const body = await bodyOf(response);
  if (!response.ok) throw new Problem(response.status, (body ?? {}) as ProblemBody, response.headers.get('Retry-After'));
  return body;
}

async function bodyOf(response: Response): Promise<unknown> {
  try {
    const text = await response.text();
    return text === '' ? null : (JSON.parse(text) as unknown);
  } catch {
    return null;
  }
}

/** The sentence of a problem: its detail, with what is wrong per field. */
export function sentenceOf(status: number, body: ProblemBody): string {
  const head = body.detail ?? body.title ?? `The server answered ${status}.`;
  const fields = (Array.isArray(body.errors) ? body.errors : [])
    .filter((error) => error.text && error.text !== head)
    .slice(0, 5)
    .map((error) => `${error.field}: ${error.text}`);
  return [head, ...fields].join(' · ');
}
