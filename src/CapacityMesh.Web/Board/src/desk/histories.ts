import { getJson, path, Problem } from '../wire/api.ts';
import type { Trace, TraceStep } from '../wire/leads.ts';

export interface History { steps: readonly TraceStep[]; wrong: string | null; isOpen: boolean }

/** The ways of the leads that somebody unfolded: read when they are opened, and again when something was done. */
export class Histories {
  private readonly known = new Map<string, History>();

  constructor(private readonly changed: () => void) {}

  of(lead: string): History | undefined {
    return this.known.get(lead);
  }

  toggle(lead: string, isOpen: boolean): void {
    const known = this.known.get(lead);
    if ((known?.isOpen ?? false) === isOpen) return;
    this.known.set(lead, { steps: known?.steps ?? [], wrong: null, isOpen });
    if (isOpen) void this.read(lead);
  }

  /** Reads what is unfolded anew, and forgets what is no longer on the desk. */
  keep(leads: ReadonlySet<string>): void {
    for (const [lead, history] of this.known) {
      if (!leads.has(lead)) this.known.delete(lead);
      else if (history.isOpen) void this.read(lead);
    }
  }

  private async read(lead: string): Promise<void> {
    let read: Pick<History, 'steps' | 'wrong'>;
    try {
      read = { steps: (await getJson<Trace>(path`/v1/leads/${lead}/trace`)).steps ?? [], wrong: null };
    } catch (error) {
      read = { steps: [], wrong: error instanceof Problem ? error.message : 'The history cannot be shown.' };
    }
    const known = this.known.get(lead);
    if (!known) return;
    this.known.set(lead, { ...known, ...read });
    this.changed();
  }
}
