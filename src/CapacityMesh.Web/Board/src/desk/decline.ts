import { dialogOf } from '../view/dialog.ts';
import { titleOf } from '../format/words.ts';
import type { Offer } from '../wire/leads.ts';
import type { DeskActions } from './view.ts';

/** The dialog that asks why an offer is declined; the word goes into the lead's trace. */
export function declineDialog(send: DeskActions['send']): DeskActions['decline'] {
  const { dialog, form, title, send: button } = dialogOf('decline');
  let offer: Offer | null = null;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (!offer) return;
    const data = new FormData(form);
    const reason = String(data.get('other') ?? '').trim() || String(data.get('reason') ?? '');
    void send(button, offer.leadId, 'decline', 'Declined. It goes to the next person, in its old place.', { reason })
      .then((done) => { if (done) dialog.close(); });
  });
  return (declined) => {
    offer = declined;
    title.textContent = `Decline ${declined.contact?.name ?? titleOf(declined.stage)}`;
    form.reset();
    dialog.showModal();
  };
}
