// Goal: each request is signed as its platform signs. Method: signatures computed anew over the very bytes that are sent.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { platforms } from './send.mjs';

const hmac = (secret, text) => createHmac('sha256', secret).update(text).digest('hex');

test('a google lead carries its key in the body', () => {
  const body = JSON.parse(platforms.google.request('1', 'a@example.com').body);
  assert.equal(body.google_key, platforms.google.connector.secrets.key);
  assert.equal(body.user_column_data[1].string_value, 'a@example.com');
});

test('meta and linkedin sign the raw body, and send an id alone', () => {
  for (const [name, header, expected] of [
    ['meta', 'X-Hub-Signature-256', (b) => `sha256=${hmac('sample-app', b)}`], ['linkedin', 'X-LI-Signature', (b) => hmac('sample-client', `hmacsha256=${b}`)],
  ]) {
    const { headers, body } = platforms[name].request('77', 'a@example.com');
    assert.equal(headers[header], expected(body));
    assert.ok(body.includes('77') && !body.includes('a@example.com'));
  }
});

test('tiktok signs the time and the body', () => {
  const { headers, body } = platforms.tiktok.request('77', 'a@example.com');
  const [, stamp, signature] = /^t=(\d+),s=([0-9a-f]+)$/.exec(headers['tiktok-signature']);
  assert.equal(signature, hmac('sample-client', `${stamp}.${body}`));
  assert.equal(JSON.parse(JSON.parse(body).content).lead.email, 'a@example.com');
});
