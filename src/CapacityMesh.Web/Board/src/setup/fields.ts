import { html, nothing, type TemplateResult } from 'lit-html';
import { Problem } from '../wire/api.ts';
import { say } from '../view/toast.ts';
import { durationUnits, fromIso, isoOf } from './duration.ts';

// Fields carry the API's own names (`stages[0].promise`), so that a problem finds its field by itself.

export interface FieldOptions { hint?: string; required?: boolean; type?: string; max?: number; list?: string; placeholder?: string; step?: string }

let count = 0;

export function textField(label: string, name: string, value: string | number | null | undefined, options: FieldOptions = {}): TemplateResult {
  const id = `f${++count}`;
  return field(label, id, options.hint, html`<input id=${id} name=${name} .value=${String(value ?? '')} type=${options.type ?? 'text'} ?required=${options.required}
    maxlength=${options.max ?? 200} autocomplete="off" placeholder=${options.placeholder ?? ''} step=${options.step ?? nothing} aria-describedby=${`${id}-w`}>`);
}

export function numberField(label: string, name: string, value: number | string | null | undefined, options: FieldOptions = {}): TemplateResult {
  return textField(label, name, value, { type: 'number', step: 'any', max: 20, ...options });
}

export function selectField(label: string, name: string, value: string, choices: readonly (readonly [string, string])[], changed?: (value: string) => void): TemplateResult {
  const id = `f${++count}`;
  return field(label, id, undefined, html`<select id=${id} name=${name} aria-describedby=${`${id}-w`} @change=${(e: Event) => changed?.((e.target as HTMLSelectElement).value)}>
    ${choices.map(([key, text]) => html`<option value=${key} ?selected=${key === value}>${text}</option>`)}</select>`);
}

/** A number and its unit; read by `durationOf`. */
export function durationField(label: string, name: string, iso: string | null | undefined, hint?: string): TemplateResult {
  const id = `f${++count}`;
  const { value, unit } = fromIso(iso);
  return field(label, id, hint, html`<span class="pair"><input id=${id} name=${name} type="number" min="0" step="any" .value=${value} aria-describedby=${`${id}-w`}>
    <select name=${`${name}#unit`} aria-label=${`Unit of: ${label}`}>${durationUnits.map((u) => html`<option value=${u} ?selected=${u === unit}>${u}</option>`)}</select></span>`);
}

export function checkField(label: string, name: string, checked: boolean, value = 'on'): TemplateResult {
  return html`<label class="check"><input type="checkbox" name=${name} value=${value} ?checked=${checked}> ${label}</label>`;
}

function field(label: string, id: string, hint: string | undefined, control: TemplateResult): TemplateResult {
  return html`<div class="field"><label for=${id}>${label}</label>${control}${hint ? html`<small class="quiet">${hint}</small>` : nothing}<small class="wrong" id=${`${id}-w`}></small></div>`;
}

export const textOf = (data: FormData, name: string): string => String(data.get(name) ?? '').trim();

/** Null when nothing was written: the API then takes its default. What is no number is sent as it is, for the API to say so. */
export function numberOf(data: FormData, name: string): number | string | null {
  const text = textOf(data, name).replace(',', '.');
  return text === '' ? null : Number.isFinite(Number(text)) ? Number(text) : text;
}

export const durationOf = (data: FormData, name: string): string | null => isoOf(textOf(data, name), textOf(data, `${name}#unit`));

/** Sends a form: disabled meanwhile, every problem shown at its field, and the first of them in focus. */
export function submits(send: (data: FormData, form: HTMLFormElement) => Promise<string | null>): (event: SubmitEvent) => void {
  return (event) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const button = form.querySelector<HTMLButtonElement>('button[type=submit]');
    clearProblems(form);
    if (button) button.disabled = true;
    send(new FormData(form), form)
      .then((done) => { if (done) say(done); })
      .catch((error: unknown) => showProblem(form, error))
      .finally(() => { if (button) button.disabled = false; });
  };
}

export function clearProblems(form: HTMLFormElement): void {
  for (const place of form.querySelectorAll('.wrong')) place.textContent = '';
  for (const control of form.querySelectorAll('[aria-invalid]')) control.removeAttribute('aria-invalid');
}

/** Every field's problem beside it; what belongs to no field at the form's foot. */
export function showProblem(form: HTMLFormElement, error: unknown): void {
  const rest: string[] = [];
  let first: HTMLElement | null = null;
  const problem = error instanceof Problem ? error : null;
  for (const { field: name, text, code } of problem?.fields ?? []) {
    const control = controlOf(form, name);
    const place = control?.closest('.field')?.querySelector<HTMLElement>('.wrong');
    if (!control || !place) {
      rest.push(`${name}: ${text ?? code ?? 'is not accepted'}`);
      continue;
    }
    control.setAttribute('aria-invalid', 'true');
    place.textContent = text ?? code ?? 'Not accepted.';
    place.dataset['code'] = code ?? '';
    first ??= control;
  }
  if (!problem?.fields.length) rest.push(problem?.message ?? 'Something went wrong on this page. Reload it and try again.');
  const foot = form.querySelector<HTMLElement>('.form-wrong');
  if (foot) {
    foot.textContent = rest.join(' ');
    foot.dataset['code'] = problem?.code ?? '';
  }
  first?.focus();
}

/** The control of that name, or of the nearest one that holds it: a problem with `pools[0]` belongs to `pools`. */
function controlOf(form: HTMLFormElement, name: string): HTMLElement | null {
  for (let path = name; path; path = path.replace(/(\.[^.[]*|\[\d+\]|^[^.[]+)$/, '')) {
    const control = form.querySelector<HTMLElement>(`[name="${CSS.escape(path)}"]`);
    if (control) return control;
  }
  return null;
}

/** The foot of every form. */
export function formFoot(word: string, cancel?: () => void): TemplateResult {
  return html`<p class="form-wrong wrong" role="alert"></p>
    <div class="acts">${cancel ? html`<button type="button" @click=${cancel}>Cancel</button>` : nothing}<button type="submit" class="primary">${word}</button></div>`;
}
