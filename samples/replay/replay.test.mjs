// Goal: a CSV becomes the leads that it holds, once each, however busy the server is.
// Method: pure parts on text; posting against a stand-in for fetch; the whole program against a server on loopback.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { records, rows } from './csv.mjs';
import { leadOf, mapping } from './lead.mjs';
import { pace, post } from './post.mjs';

const all = async (iterable) => {
  const found = [];
  for await (const item of iterable) found.push(item);
  return found;
};

test('fields may hold commas, quotes and line breaks, wherever a chunk ends', async () => {
  const text = '\uFEFFa,b\r\n"1,5","say ""hi"""\n"two\nlines",\n\n';
  for (let cut = 0; cut <= text.length; cut++) {
    assert.deepEqual(await all(rows([text.slice(0, cut), text.slice(cut)])), [['a', 'b'], ['1,5', 'say "hi"'], ['two\nlines', '']]);
  }
});

test('a quote that is never closed is an error, not a short file', async () => {
  await assert.rejects(all(rows(['a\n"open'])), /within quotes/);
});

test('a record becomes a lead by the mapping', async () => {
  const [record] = await all(records(['key,day,from\nA7,2018-02-01,paid search\n']));
  const lead = leadOf(record, mapping(['id=key', 'occurredAt=day', 'campaign=from', "name='Someone'"]));
  assert.equal(lead.id, 'A7');
  assert.equal(lead.body.campaign, 'paid-search');
  assert.equal(lead.body.occurredAt, '2018-02-01T09:00:00.000Z');
  assert.deepEqual([lead.body.contact.name, lead.body.contact.email], ['Someone', 'a7@example.invalid']);
});

test('a mapping that names no field, or no column of the file, says so', () => {
  assert.throws(() => mapping(['id=a', 'colour=b']), /--map colour=b/);
  assert.throws(() => mapping(['email=a']), /id=COLUMN is needed/);
  assert.throws(() => leadOf({ a: '1' }, mapping(['id=missing'])), /no column missing/);
});

test('a busy server is asked again, as late as it says, under the same key', async () => {
  const [waits, keys] = [[], []];
  const answers = [[429, { 'retry-after': '3' }], [503, {}], [201, {}]];
  const fetch = async (_, request) => {
    keys.push(request.headers['Idempotency-Key']);
    const [status, headers] = answers.shift();
    return new Response(JSON.stringify({ decision: 'admitted' }), { status, headers });
  };
  const answer = await post('http://mesh.test', 'k', { id: '7', body: {} }, { fetch, wait: async (ms) => waits.push(ms) });
  assert.deepEqual([answer.status, answer.decision], [201, 'admitted']);
  assert.equal(waits[0], 3000);
  assert.ok(waits[1] >= 500 && waits[1] <= 1000);
  assert.deepEqual(new Set(keys), new Set(['replay-7']));
});

test('a refusal is not tried again, and a server that stays away is given up', async () => {
  let asked = 0;
  const refuse = (status) => async () => { asked++; return new Response('{"code":"invalid"}', { status }); };
  assert.equal((await post('http://mesh.test', 'k', { id: '7', body: {} }, { fetch: refuse(422), wait: async () => {} })).problem, 'invalid');
  assert.equal(asked, 1);
  await post('http://mesh.test', 'k', { id: '7', body: {} }, { fetch: refuse(503), wait: async () => {} });
  assert.equal(asked, 9);
});

test('leads leave at the rate, not faster', async () => {
  let clock = 0;
  const at = [];
  await pace([1, 2, 3, 4], 10, async () => { at.push(clock); }, { now: () => clock, wait: async (ms) => { clock += ms; } });
  assert.deepEqual(at, [0, 100, 200, 300]);
});

test('the program posts a file and tallies the decisions', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'replay-'));
  const seen = [];
  const server = createServer(async (request, response) => {
    const body = JSON.parse((await all(request)).join(''));
    seen.push([request.headers['idempotency-key'], body.campaign]);
    response.writeHead(201, { 'content-type': 'application/json' }).end('{"decision":"admitted"}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    writeFileSync(join(folder, 'leads.csv'), 'id,from\na,x\nb,y\nc,\n');
    const output = await new Promise((resolve, reject) => execFile(process.execPath,
      [fileURLToPath(new URL('replay.mjs', import.meta.url)), join(folder, 'leads.csv'), '--url', `http://127.0.0.1:${server.address().port}`,
        '--key', 'k', '--rate', '1000', '--map', 'id=id', '--map', 'campaign=from'],
      (fault, stdout) => (fault ? reject(fault) : resolve(stdout))));
    assert.match(output, /3 leads: \{ admitted: 3 \}/);
    assert.deepEqual(seen.sort(), [['replay-a', 'x'], ['replay-b', 'y'], ['replay-c', 'unattributed']]);
  } finally {
    server.close();
    rmSync(folder, { recursive: true });
  }
});
