import { Trouble } from '../../libs/eventing/trouble';

/**
 * Who keeps the read models: folds the log into rows, rows' versions and words, and audits what was made of it. It works in the
 * server's own thread or, beside callers who want answers, in one of its own. Plain data goes between the two.
 */
export interface KeeperState {
  readonly leads: boolean;
  /** The log is not the one that the read models were made from. */
  readonly isDiverged: boolean;
  /** Batches that were not committed because another worker had taken the lead. */
  readonly fenced: number;
  /** What the projections were last kept from their work by, until they get on with it. */
  readonly trouble?: Trouble | undefined;
}

export interface KeeperListener {
  readonly leading: () => void;
  /** @param sequence up to which the read models hold the log */
  readonly committed: (sequence: number) => void;
}

export interface Keeper {
  readonly state: KeeperState;
  start(listener: KeeperListener): void;
  stop(): Promise<void>;
}

export type OnFailure = (part: string, error: unknown) => void;

export const idle: KeeperState = { leads: false, isDiverged: false, fenced: 0 };
