import { CommandContext } from '../../eventing/command-runner';
import { commandIdOf } from '../../eventing/envelope';
import { Engine } from '../../platform/engine/engine';
import { ServiceLevelBook } from '../../service-levels/book.adapter';
import { Directory } from '../../teams/directory.adapter';
import { CaseAppender, CaseOutcome } from './append-case.adapter';
import { KnownFile, readCases, RejectedRow } from './csv-file.adapter';
import { importActor, SourceIdentities } from './identities';
import { mapCase, MappedCase } from './map-case';
import { Mapping } from './mapping';

/** How many cases are under way at once: enough to keep the store's disk busy, few enough to hold in memory. */
const casesAtOnceMax = 32;

/** Counts of one run, kept up to date while it goes on. */
export interface ImportCounts {
  rows: number;
  casesAdded: number;
  casesKnown: number;
  casesDifferent: number;
  casesRefused: number;
  eventsAdded: number;
  readonly eventsByType: Map<string, number>;
  readonly flags: Map<string, number>;
  /** Of the newest event that was added; undefined when none was. */
  position: bigint | undefined;
}

export const noCounts = (): ImportCounts => ({
  ...{ rows: 0, casesAdded: 0, casesKnown: 0, casesDifferent: 0, casesRefused: 0, eventsAdded: 0 },
  ...{ eventsByType: new Map(), flags: new Map(), position: undefined },
});

export interface ImportRun {
  readonly file: string;
  readonly mapping: Mapping;
  readonly known: KnownFile;
  readonly counts: ImportCounts;
  readonly onRejected: (row: RejectedRow) => void;
  readonly onRefused: (caseId: string, reason: string) => void;
  readonly onRows: (rows: number) => void;
  readonly signal: AbortSignal;
}

const increment = (counts: Map<string, number>, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);

const countEvents = (counts: ImportCounts, { opening, others }: MappedCase): void => {
  for (const { type, notes } of [opening, ...others]) {
    increment(counts.eventsByType, type);
    for (const flag of notes?.flags?.split(' ') ?? []) increment(counts.flags, flag);
  }
};

/** Maps every case and adds nothing. */
export const tryLog = async (run: ImportRun, identities: SourceIdentities): Promise<void> => {
  const { file, mapping, known, counts, onRejected, onRows, signal } = run;
  for await (const rows of readCases(file, mapping, known, onRejected)) {
    if (signal.aborted) return;
    countEvents(counts, mapCase(mapping, known.reader, identities, known.batch, rows.caseId, rows.steps));
    counts.casesAdded++;
    onRows((counts.rows += known.rowsOf.get(rows.caseId) ?? 0));
  }
};

/** Registers whom a source names, each once a run, before anything names their ids. */
class Registrations {
  private readonly done = new Map<string, Promise<string>>();

  constructor(
    private readonly directory: Directory,
    private readonly batch: string,
    private readonly now: () => Date,
  ) {}

  async ensure({ staffSeen, teamsSeen }: SourceIdentities): Promise<void> {
    const { directory } = this;
    const pending: Promise<string>[] = [];
    for (const { handle, name } of teamsSeen.values())
      pending.push(this.once(`team-${handle}`, (context) => directory.registerTeam(handle, name, context)));
    for (const { handle, name } of staffSeen.values())
      pending.push(this.once(`staff-${handle}`, (context) => directory.registerStaff(handle, name, null, context)));
    teamsSeen.clear();
    staffSeen.clear();
    await Promise.all(pending);
  }

  private once(target: string, register: (context: CommandContext) => Promise<string>): Promise<string> {
    const known = this.done.get(target);
    if (known) return known;
    const commandId = commandIdOf(importActor, target, 'import');
    const registered = register({
      ...{ actor: importActor, commandId, fresh: false, correlationId: commandId, causationId: commandId },
      ...{ recordedAt: this.now().toISOString(), origin: `import:${this.batch}` },
    });
    this.done.set(target, registered);
    return registered;
  }
}

const settle = ({ counts, onRefused }: ImportRun, mapped: MappedCase, outcome: CaseOutcome): void => {
  switch (outcome.kind) {
    case 'added':
      counts.casesAdded++;
      counts.eventsAdded += outcome.events;
      counts.position =
        counts.position !== undefined && counts.position > outcome.position ? counts.position : outcome.position;
      countEvents(counts, mapped);
      return;
    case 'known':
      counts.casesKnown++;
      return;
    case 'different':
      counts.casesDifferent++;
      return;
    case 'refused':
      counts.casesRefused++;
      onRefused(mapped.caseId, outcome.reason);
  }
};

export interface ImportTools {
  readonly engine: Engine;
  readonly directory: Directory;
  readonly prefix: string;
  readonly now: () => Date;
}

/** Lets some pieces of work go on at once, and stops handing out more after the first failure. */
class Crew {
  private readonly under = new Set<Promise<void>>();
  private failure: { readonly error: unknown } | undefined;

  async take(work: () => Promise<void>): Promise<void> {
    while (this.under.size >= casesAtOnceMax) await Promise.race(this.under);
    if (this.failure) throw this.failure.error;
    const piece: Promise<void> = work()
      .catch((error: unknown) => void (this.failure ??= { error }))
      .finally(() => this.under.delete(piece));
    this.under.add(piece);
  }

  /** @throws the first failure */
  async done(): Promise<void> {
    await Promise.all(this.under);
    if (this.failure) throw this.failure.error;
  }
}

/** Adds every case of a file that is not there yet. After an abort those under way are finished. @throws Unavailable */
export const importLog = async (run: ImportRun, { engine, directory, prefix, now }: ImportTools): Promise<void> => {
  const { file, mapping, known, counts, onRejected, onRows, signal } = run;
  const command = { mapping: mapping.name, batch: known.batch, prefix, now };
  const appender = new CaseAppender(engine, command, new ServiceLevelBook(engine.runner));
  const registrations = new Registrations(directory, known.batch, now);
  const identities = new SourceIdentities(mapping, engine.installation, directory);
  const crew = new Crew();
  try {
    for await (const rows of readCases(file, mapping, known, onRejected)) {
      if (signal.aborted) break;
      const mapped = mapCase(mapping, known.reader, identities, known.batch, rows.caseId, rows.steps);
      await crew.take(async () => {
        await registrations.ensure(identities);
        settle(run, mapped, await appender.append(mapped, rows.digest));
        onRows((counts.rows += known.rowsOf.get(rows.caseId) ?? 0));
      });
    }
  } finally {
    await crew.done();
  }
};
