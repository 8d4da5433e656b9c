/** What keeps something from being saved: where it is wrong (JSON pointer), a stable code, and a sentence. */
export interface Fault {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

export const fault = (pointer: string, code: string, detail: string): Fault => ({ pointer, code, detail });

/** The same faults, further down in a body. */
export const under = (pointer: string, faults: readonly Fault[]): readonly Fault[] =>
  faults.map((each) => ({ ...each, pointer: `${pointer}${each.pointer}` }));

/** A member's name as one step of a pointer (RFC 6901). */
export const step = (name: string | number): string => `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;
