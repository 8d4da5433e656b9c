/** What the checker may find; each kind is a promise that was broken. */
export const violationKinds = [
  // Of acknowledged commands.
  'lost',
  'doubled',
  'other-than-answered',
  'answers-disagree',
  // Of everybody's commands.
  'wrongly-refused',
  'wrongly-done',
  'failed',
  'unexplained',
  // Of the log.
  'revision',
  'chain',
  // Of what is derived from it.
  'mirror',
  'checkpoint',
  'differing-from-fold',
  'differing-from-rebuild',
  'quarantined',
  'behind',
  // Of what is read meanwhile.
  'unreadable',
  'back-in-time',
  // Of the processes.
  'server-ended',
  'not-ready-again',
  'not-stopped',
  'left-behind',
  'not-reopened',
] as const;

export type ViolationKind = (typeof violationKinds)[number];

export interface Violation {
  readonly kind: ViolationKind;
  readonly what: string;
}

const shownMax = 12;

/** Collects what is wrong, each thing once; nothing is thrown, so that one run shows all of it. */
export class Findings {
  private readonly found: Violation[] = [];
  private readonly known = new Set<string>();

  add(kind: ViolationKind, what: string): void {
    const name = `${kind} ${what}`;
    if (this.known.has(name)) return;
    this.known.add(name);
    this.found.push({ kind, what });
  }

  count(kind: ViolationKind): number {
    return this.found.filter((violation) => violation.kind === kind).length;
  }

  /** The kinds that were found, with how many of each. */
  get summary(): Readonly<Partial<Record<ViolationKind, number>>> {
    const counts = violationKinds.map((kind) => [kind, this.count(kind)] as const);
    return Object.fromEntries(counts.filter(([, count]) => count > 0));
  }

  /** The first of them in words. */
  get examples(): readonly string[] {
    return this.found.slice(0, shownMax).map(({ kind, what }) => `${kind}: ${what}`);
  }

  get none(): boolean {
    return this.found.length === 0;
  }
}
