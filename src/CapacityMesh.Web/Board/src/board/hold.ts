import { titleOf } from '../format/words.ts';
import { dialogOf } from '../view/dialog.ts';
import { act } from '../view/toast.ts';
import { path, postJson } from '../wire/api.ts';
import type { CampaignCard } from '../wire/cards.ts';

/** The dialog in which a person sets a campaign's signal by hand; their word wins until it ends. */
export function holdDialog(now: () => number): (campaign: CampaignCard) => void {
  const { dialog, form, title, send } = dialogOf('hold');
  let campaign: CampaignCard | null = null;

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (!campaign) return;
    const held = campaign;
    const body = bodyOf(new FormData(form), now());
    void act(send, () => postJson(path`/v1/spend/${held.id}/hold`, body), `${held.name ?? titleOf(held.id)}: held.`)
      .then((done) => { if (done) dialog.close(); });
  });

  return (card) => {
    campaign = card;
    title.textContent = `Hold ${card.name ?? titleOf(card.id)}`;
    form.reset();
    dialog.showModal();
  };
}

export function bodyOf(data: FormData, now: number): object {
  const hours = Number(data.get('hours'));
  return {
    action: String(data.get('action')),
    reason: String(data.get('reason')).trim(),
    ...(hours > 0 ? { until: new Date(now + hours * 3_600_000).toISOString() } : {}),
  };
}
