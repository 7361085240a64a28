import { titleOf } from '../format/words.ts';
import { dialogOf } from '../view/dialog.ts';
import type { OpenWork } from '../wire/leads.ts';
import type { DeskActions } from './view.ts';

/** The dialog that ends a piece of work: why it was lost, or what a win is worth. */
export function completeDialog(send: DeskActions['send']): DeskActions['complete'] {
  const { dialog, form, title, send: button } = dialogOf('complete');
  const value = document.getElementById('value') as HTMLFieldSetElement;
  const why = form.querySelector<HTMLInputElement>('input[name=reason]')!;
  let current: { work: OpenWork; outcome: 'passed' | 'lost' } | null = null;

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (!current) return;
    const { work, outcome } = current;
    void send(button, work.leadId, 'complete', outcome === 'lost' ? 'Noted as lost.' : 'Done.', outcomeOf(new FormData(form), outcome))
      .then((done) => { if (done) dialog.close(); });
  });

  return (pressed, work, outcome, wins) => {
    if (outcome === 'passed' && !wins) {
      void send(pressed, work.leadId, 'complete', 'Passed on.', { outcome }); // Nothing to ask.
      return;
    }
    current = { work, outcome };
    form.reset();
    const word = outcome === 'lost' ? 'Lost' : 'Won';
    title.textContent = `${word}: ${work.contact?.name ?? titleOf(work.stage)}`;
    value.hidden = outcome === 'lost';
    why.closest('label')!.hidden = outcome !== 'lost';
    why.required = outcome === 'lost';
    button.textContent = word;
    dialog.showModal();
  };
}

/** The body of the outcome; what was left empty is not sent. */
export function outcomeOf(data: FormData, outcome: 'passed' | 'lost'): object {
  const text = (name: string): string => String(data.get(name) ?? '').trim();
  const amount = text('amount').replace(',', '.');
  const currency = text('currency').toUpperCase();
  return {
    outcome,
    ...(text('reason') ? { reason: text('reason') } : {}),
    ...(outcome === 'passed' && amount && currency ? { value: { amount, currency } } : {}),
  };
}
