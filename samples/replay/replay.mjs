#!/usr/bin/env node
// Posts the leads of a CSV to a running server. See README.md.
import { createReadStream } from 'node:fs';
import { parseArgs } from 'node:util';
import { records } from './csv.mjs';
import { leadOf, mapping } from './lead.mjs';
import { pace, post } from './post.mjs';

const usage = `Usage: replay.mjs FILE.csv --url URL --key KEY --map id=COLUMN [--map FIELD=COLUMN]...
       [--rate 20] [--limit N] [--from YYYY-MM-DD] [--to YYYY-MM-DD] [--dry-run]`;

function options() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      url: { type: 'string', default: process.env.CAPACITYMESH_URL ?? 'http://127.0.0.1:5080' },
      key: { type: 'string', default: process.env.CAPACITYMESH_KEY ?? '' },
      map: { type: 'string', multiple: true, default: [] },
      rate: { type: 'string', default: '20' },
      limit: { type: 'string', default: '1000000' },
      from: { type: 'string', default: '' },
      to: { type: 'string', default: '9999' },
      'dry-run': { type: 'boolean', default: false },
    },
  });
  const [rate, limit] = [Number(values.rate), Number(values.limit)];
  if (positionals.length !== 1 || !(rate > 0) || !(limit > 0)) throw new Error(usage);
  if (!values['dry-run'] && !values.key) throw new Error('--key or CAPACITYMESH_KEY is needed: a key of role capture is enough.');
  return { ...values, file: positionals[0], rate, limit, map: mapping(values.map), dryRun: values['dry-run'] };
}

async function* leads({ file, map, from, to, limit }) {
  let left = limit;
  for await (const record of records(createReadStream(file, 'utf8'))) {
    const lead = leadOf(record, map);
    const day = lead?.body.occurredAt?.slice(0, 10) ?? from;
    if (!lead || day < from || day > to) continue;
    yield lead;
    if (--left === 0) return;
  }
}

async function main() {
  const chosen = options();
  const tally = new Map();
  const count = (what) => tally.set(what, (tally.get(what) ?? 0) + 1);
  const send = async (lead) => {
    if (chosen.dryRun) return console.log(JSON.stringify(lead.body));
    const answer = await post(chosen.url, chosen.key, lead);
    count(answer.status >= 200 && answer.status < 300 ? answer.decision : `${answer.status} ${answer.problem}`);
  };
  const progress = setInterval(() => console.error(Object.fromEntries(tally)), 2000);
  const sent = await pace(leads(chosen), chosen.rate, send).finally(() => clearInterval(progress));
  console.log(`${sent} leads:`, Object.fromEntries([...tally].sort()));
  process.exitCode = [...tally.keys()].some((what) => /^\d/.test(what)) ? 1 : 0;
}

main().catch((fault) => {
  console.error(fault.message);
  process.exitCode = 64;
});
