import { html, nothing, type TemplateResult } from 'lit-html';
import { format } from '../format/format.ts';
import type { OpenWork, Touch } from '../wire/leads.ts';
import { promiseView } from './contact.ts';

/** Whether the touch should be made now: the server's word, or its time has come and the word is on its way. */
export const isDue = (touch: Touch, now: number): boolean => !!touch.isDue || Date.parse(touch.dueAt) <= now;

/** What is to be done next with a piece of work, and when; Infinity when nothing has a time. */
export function nextDue(work: OpenWork): number {
  const times = [work.touch?.dueAt, work.contactedAt ? null : work.contactDue, work.until].map((at) => Date.parse(at ?? '')).filter(Number.isFinite);
  return Math.min(Infinity, ...times);
}

/** The next touch, and beside it what the campaign promised: the words have to keep it. */
export function touchView(work: OpenWork, now: number): TemplateResult {
  const { touch } = work;
  if (!touch) return html`${promiseView(work)}`;
  const due = isDue(touch, now);
  return html`
    <div class="touch" data-due=${due}>
      <p><strong>${due ? 'Due now' : 'Next'}: ${touch.channel}</strong>, touch ${format.count(touch.number)}${touch.template ? html`, with <code>${touch.template}</code>` : nothing}
        · <time datetime=${touch.dueAt} title=${format.full(touch.dueAt)}>${due ? `since ${format.moment(touch.dueAt, now)}` : format.moment(touch.dueAt, now)}</time></p>
      ${promiseView(work)}
    </div>`;
}
