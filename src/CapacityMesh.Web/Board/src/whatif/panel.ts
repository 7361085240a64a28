import { render } from 'lit-html';
import type { BoardStore } from '../store/boardStore.ts';
import { debounced, perFrame } from '../view/frame.ts';
import { Problem, sendJson } from '../wire/api.ts';
import { noWishes, questionOf, type WhatIfAnswer } from './model.ts';
import { whatIfView, type WhatIf } from './view.ts';

const pauseMs = 350; // A slider that still moves asks nothing.
const answerMsMax = 40_000; // The simulator takes up to ten seconds, and much longer on a machine that is busy or has just started.
const busyMs = 3_000; // When a server that is busy does not say for how long.
const narrow = 900; // Below it the futures stand under the sliders.

/** The what-if panel: asks when it is opened and when a slider rests; a server that cannot answer hides it. */
export function whatIfPanel(panel: HTMLDetailsElement, store: BoardStore): { draw: () => void } {
  const place = panel.querySelector<HTMLElement>('.whatif')!;
  const state: WhatIf = { wishes: noWishes(), answer: null, wrong: null, asking: false, width: 600 };
  let missing = false;
  let later: ReturnType<typeof setTimeout> | undefined;
  const redraw = perFrame(draw);
  const ask = debounced(answer, pauseMs);

  async function answer(): Promise<void> {
    if (!panel.open) return;
    state.asking = true;
    redraw();
    try {
      state.answer = await sendJson<WhatIfAnswer>('POST', '/v1/whatif', questionOf(state.wishes, store.all('pool')), answerMsMax);
      state.wrong = null;
    } catch (error) {
      if (error instanceof Problem && error.status === 429) {
        waitFor(error.retryAfterMs ?? busyMs);
        return;
      }
      if (error instanceof Problem && (error.status === 404 || error.status === 405)) missing = true;
      state.wrong = error instanceof Problem ? error.message : 'The question cannot be answered.';
    }
    state.asking = false;
    redraw();
  }

  /** One question at a time for a workspace: another reader's, or the board's own for its advice, is under way. */
  function waitFor(ms: number): void {
    state.wrong = 'Another question is under way; this one follows.';
    redraw();
    clearTimeout(later);
    later = setTimeout(ask, ms);
  }

  function draw(): void {
    const flow = store.flow;
    panel.hidden = missing || !flow?.process?.stages?.length;
    if (!panel.open || !flow?.process?.stages?.length) return;
    render(whatIfView(state, flow, store.all('pool'), store.all('campaign'), {
      wish: (kind, id, value) => {
        if (value === null) delete state.wishes[kind][id];
        else state.wishes[kind][id] = value;
        changed();
      },
      weeks: (weeks) => { state.wishes.weeks = weeks; changed(); },
      reset: () => { state.wishes = noWishes(state.wishes.weeks); changed(); },
    }), place);
  }

  function changed(): void {
    redraw();
    ask();
  }

  panel.addEventListener('toggle', () => {
    if (panel.open) changed();
  });
  new ResizeObserver(([entry]) => {
    const width = entry?.contentRect.width ?? 600;
    state.width = Math.floor(width < narrow ? width : width - 340);
    redraw();
  }).observe(place);
  return { draw: redraw };
}
