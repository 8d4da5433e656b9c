/** An event that says, or puts right, which team has a case. */
export interface TeamFact {
  readonly revision: number;
  readonly team: string | null;
  /** Of a correction: revision of the event whose team it puts right. */
  readonly corrects: number | null;
}

/** Which team had the case after the event at a revision, by what the log said until then; ids. */
export const teamAt = (facts: readonly TeamFact[], revision: number): string | null => {
  const said = new Map<number, string | null>();
  for (const { revision: at, team, corrects } of facts) {
    if (at > revision) break;
    if (corrects === null) said.set(at, team);
    else if (said.has(corrects)) said.set(corrects, team);
  }
  return [...said.values()].at(-1) ?? null;
};

/** The teams whose queues an event changes: the one that had the case before it and the one that has it afterwards. */
export const teamsConcerned = (facts: readonly TeamFact[], revision: number): readonly string[] => {
  const teams = [teamAt(facts, revision - 1), teamAt(facts, revision)];
  return [...new Set(teams)].filter((team) => team !== null);
};
