import { Lab } from './lab';

/** What a row of the benchmark is. */
export interface Measured {
  readonly value: number;
  readonly baseline?: { readonly name: string; readonly value: number };
}

export type Unit = 'cases' | 'cases/s' | 'commands/s' | 'events/s' | 'calls/s' | 'ms' | 'MB';

export interface Row {
  readonly name: string;
  readonly unit: Unit;
  readonly better: 'higher' | 'lower';
  /** undefined: it cannot be measured here, as `absent` says. */
  readonly measure: (lab: Lab) => Promise<Measured | undefined>;
  readonly absent?: string;
}
