import { Rejection } from '../../../eventing/rejection';
import { Fault, fault } from '../../../service-levels/fault';
import { Configuration } from '../../configuration';
import { ConfigurationDocument } from '../../document';
import { ConfigurationEvent } from '../../events';
import { Change, eventsOf, planFaults, planOf } from '../../plan';

export interface ApplyConfiguration {
  readonly document: ConfigurationDocument;
  /** From when it holds; RFC 3339, UTC, milliseconds. */
  readonly from: string;
  /** Instant of the command, likewise. */
  readonly now: string;
}

// All of them are one append, which the store limits.
const changesMax = 1_000;

/** @throws Rejection CONFIGURATION_INVALID with a pointer to each fault */
export const refuseConfiguration = (faults: readonly Fault[]): void => {
  if (!faults.length) return;
  const [{ pointer, detail } = { pointer: '', detail: '' }] = faults;
  throw new Rejection(
    'CONFIGURATION_INVALID',
    `${faults.length === 1 ? 'one fault,' : `${faults.length} faults, the first one`} at ${pointer || '/'}: ${detail}`,
    faults,
  );
};

/** What a document changes from an instant on. @throws Rejection CONFIGURATION_INVALID for what cannot be applied */
export const changesBy = (
  { document, from, now }: ApplyConfiguration,
  configuration: Configuration,
): readonly Change[] => {
  const standing = { configuration, at: Date.parse(from) };
  const changes = planOf(standing, document);
  refuseConfiguration([
    ...planFaults(standing, document),
    ...(from < now ? [fault('/from', 'IN_THE_PAST', 'requests of then were checked by what was configured then')] : []),
    ...(changes.length > changesMax
      ? [fault('', 'TOO_MANY_CHANGES', `are ${changes.length} changes; apply at most ${changesMax} at a time`)]
      : []),
  ]);
  return changes;
};

/** Makes a document what holds from an instant on. What it says already so is no event. */
export const applyConfiguration = (
  command: ApplyConfiguration,
  configuration: Configuration,
): readonly ConfigurationEvent[] => eventsOf(configuration, changesBy(command, configuration), command.from);
