import { parse } from 'csv-parse/sync';
import { SourceIdentities } from '../identities';
import { mapCase, MappedCase } from '../map-case';
import { Mapping } from '../mapping';
import { isBad, rowReader, RowReader, Step } from '../rows';

/** Ids that are their handles, so that a spec can be read. */
export const plainIdentities = (mapping: Mapping): SourceIdentities =>
  new SourceIdentities(mapping, '00000000-0000-4000-8000-000000000000', {
    staffId: (handle) => handle,
    teamId: (handle) => handle,
  });

export interface ReadLog {
  readonly reader: RowReader;
  readonly steps: ReadonlyMap<string, readonly Step[]>;
}

/** The steps of each case. @throws Error for a row that cannot be read */
export const readLog = (mapping: Mapping, csv: string): ReadLog => {
  const [header = [], ...rows]: string[][] = parse(csv, { delimiter: mapping.delimiter });
  const reader = rowReader(mapping, header);
  const steps = new Map<string, Step[]>();
  for (const [index, cells] of rows.entries()) {
    const row = reader.read(cells, index + 1);
    if (isBad(row)) throw new Error(`${row.column}: ${row.reason}`);
    steps.set(row.caseId, [...(steps.get(row.caseId) ?? []), ...row.steps]);
  }
  return { reader, steps };
};

export const mapLog = (mapping: Mapping, csv: string): readonly MappedCase[] => {
  const { reader, steps } = readLog(mapping, csv);
  const identities = plainIdentities(mapping);
  return [...steps].map(([caseId, each]) => mapCase(mapping, reader, identities, 'b', caseId, each));
};

/** One line an event: what happened when, by whom, and what the row was called. */
export const told = ({ opening, others }: MappedCase): readonly string[] =>
  [opening, ...others].map(({ type, notes }) =>
    [notes?.occurredAt, type, notes?.actor, notes?.origin, notes?.sourceActivity ?? '-', notes?.flags ?? '']
      .join(' ')
      .trimEnd(),
  );
