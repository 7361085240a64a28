import { html, nothing, type TemplateResult } from 'lit-html';
import { titleOf } from '../format/words.ts';
import { sendJson } from '../wire/api.ts';
import { formFoot, selectField, submits, textField, textOf } from './fields.ts';
import type { Setup } from './model.ts';

interface Captured { leadId: string; decision: string; stage?: string | null; reason?: { text?: string | null } | null }

export interface Step { id: string; title: string; done: boolean; needed: boolean; words: string }

let captured: Captured | null = null;

/** What stands and what is missing until the first lead can be served. */
export function stepsOf(setup: Setup): Step[] {
  const pools = setup.process?.pools ?? [];
  const serves = (pool: string): boolean => setup.people.some((p) => p.pools?.includes(pool)) || setup.slots.some((s) => s.pool === pool && s.state === 'open');
  const unserved = (kind: string): string[] => pools.filter((p) => p.kind === kind && !serves(p.id)).map((p) => titleOf(p.id));
  const [people, slots] = [unserved('people'), unserved('slots')];
  const has = (kind: string): boolean => !setup.process || pools.some((p) => p.kind === kind);
  return [
    { id: 'process', title: 'Process', done: !!setup.process, needed: true, words: 'The stages a lead passes, and what each promises.' },
    { id: 'people', title: 'People', done: !!setup.process && !people.length, needed: has('people'), words: people.length ? `Nobody serves ${people.join(', ')} yet.` : 'Who serves them, and how much they take.' },
    { id: 'slots', title: 'Slots', done: !!setup.process && !slots.length, needed: has('slots'), words: slots.length ? `No slot is open in ${slots.join(', ')} yet.` : 'When delivery can happen.' },
    { id: 'campaigns', title: 'Campaigns', done: setup.campaigns.length > 0, needed: true, words: 'What brings the leads.' },
    { id: 'connectors', title: 'Connectors', done: setup.connectors.length > 0, needed: false, words: 'Where ad platforms and forms deliver leads.' },
    { id: 'keys', title: 'Keys', done: (setup.keys?.length ?? 0) > 1, needed: false, words: 'For programs and colleagues.' },
  ];
}

export function startView(setup: Setup): TemplateResult {
  const steps = stepsOf(setup).filter((step) => step.needed);
  const next = steps.find((step) => !step.done);
  return html`
    <p class="why">${next ? html`${next.words} <a class="button primary" href=${`#${next.id}`}>Next: ${next.title}</a>` : 'Everything a lead needs is there. Send one through.'}</p>
    ${next ? nothing : tryView(setup)}
    <div role="status">${captured ? answerView(captured) : nothing}</div>`;
}

function tryView(setup: Setup): TemplateResult {
  return html`<form @submit=${submits(async (data) => {
    captured = await sendJson<Captured>('POST', '/v1/leads', { campaign: textOf(data, 'campaign'), contact: { name: textOf(data, 'contact.name'), email: textOf(data, 'contact.email') } });
    setup.draw();
    return null;
  })}>
    <h3>Send a lead</h3>
    <div class="grid">
      ${selectField('Campaign', 'campaign', setup.campaigns[0]?.id ?? '', setup.campaigns.map((c) => [c.id, c.name ?? titleOf(c.id)] as const))}
      ${textField('Name', 'contact.name', '', { required: true })}
      ${textField('E-mail', 'contact.email', '', { required: true })}
    </div>
    ${formFoot('Send this lead')}
  </form>`;
}

function answerView(answer: Captured): TemplateResult {
  const words: Record<string, string> = { admitted: 'Admitted.', waitlisted: 'It waits at the gate.', deflected: 'It was turned away.', merged: 'This person has an open lead already; the new signal was added to it.' };
  return html`<p class="answer" data-decision=${answer.decision}><strong>${words[answer.decision] ?? titleOf(answer.decision)}</strong> ${answer.reason?.text ?? ''}
    <a href=${`/leads/${encodeURIComponent(answer.leadId)}`}>Follow it</a> · <a href="/desk">Serve it</a> · <a href="/">See the board</a></p>`;
}
