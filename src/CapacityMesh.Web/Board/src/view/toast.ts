import { Problem } from '../wire/api.ts';

const shownMs = 8_000;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Says one sentence at the foot of the page, to eyes and screen readers. */
export function say(text: string, tone: 'done' | 'wrong' = 'done', how: 'passes' | 'stays' = 'passes'): void {
  const place = document.getElementById('toast');
  if (!place) return;
  place.textContent = text;
  place.dataset['tone'] = tone;
  clearTimeout(timer);
  if (how === 'stays') return;
  timer = setTimeout(() => { place.textContent = ''; }, shownMs);
}

/** Runs what a button stands for: disabled meanwhile, any problem said. */
export async function act(button: HTMLButtonElement | null, work: () => Promise<void>, done?: string): Promise<boolean> {
  if (button) button.disabled = true;
  try {
    await work();
    if (done) say(done);
    return true;
  } catch (error) {
    say(error instanceof Problem ? error.message : 'Something went wrong on this page. Reload it and try again.', 'wrong');
    return false;
  } finally {
    if (button) button.disabled = false;
  }
}
