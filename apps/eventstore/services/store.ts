import type { EventLog } from '../log/event-log';
import type { LogReader } from '../log/log-reader';
import type { Wakeups } from '../subscriptions/wakeups';

/** What every service is given. */
export interface Store {
  log: EventLog;
  reader: LogReader;
  wakeups: Wakeups;
}
