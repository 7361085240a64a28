import '../styles/base.css';
import '../styles/page.css';
import { safeNext } from './next.ts';

const form = document.getElementById('login') as HTMLFormElement;
const wrong = document.getElementById('wrong')!;
const button = form.querySelector('button')!;
const key = form.querySelector('input')!;
const next = safeNext(new URLSearchParams(location.search).get('next'), location.origin);

form.action = `/login?next=${encodeURIComponent(next)}`;
form.addEventListener('submit', (event) => {
  event.preventDefault();
  void logIn();
});

async function logIn(): Promise<void> {
  button.disabled = true;
  wrong.textContent = '';
  try {
    const response = await fetch(form.action, {
      method: 'POST',
      headers: { 'X-Requested-With': 'capacitymesh' },
      body: new URLSearchParams({ key: key.value.trim() }),
      redirect: 'manual', // The answer sets the cookie; where to go is decided here.
    });
    if (response.type === 'opaqueredirect' || response.ok) {
      location.replace(next);
      return;
    }
    const problem = (await response.json().catch(() => ({}))) as { detail?: string };
    wrong.textContent = problem.detail ?? (response.status === 401 ? 'This key is not known here, or has expired.' : `The server answered ${response.status}.`);
  } catch {
    wrong.textContent = 'The server cannot be reached.';
  }
  button.disabled = false;
  key.select();
}
