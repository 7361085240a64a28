export interface DialogParts { dialog: HTMLDialogElement; form: HTMLFormElement; title: HTMLElement; send: HTMLButtonElement }

/** The parts of a dialog that asks one thing. "Cancel" is no submit button: Enter would press it, as the first one. */
export function dialogOf(id: string): DialogParts {
  const dialog = document.getElementById(id) as HTMLDialogElement;
  const form = dialog.querySelector('form')!;
  dialog.querySelector('button.cancel')!.addEventListener('click', () => dialog.close());
  return { dialog, form, title: dialog.querySelector('h2')!, send: form.querySelector<HTMLButtonElement>('button[type=submit]')! };
}
