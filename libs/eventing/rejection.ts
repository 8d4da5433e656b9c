/**
 * A refusal that the rules foresee: the command was understood and is not allowed now.
 *
 * `code` is stable and public (`REQUEST_NOT_OPEN`), `message` is for the caller and holds no personal data.
 * `fields` names the parts of the command's body that are wrong, as JSON pointers; `members` are further facts for the caller.
 */
export class Rejection extends Error {
  override readonly name = 'Rejection';

  constructor(
    readonly code: string,
    message: string,
    readonly fields: readonly RejectedField[] = [],
    readonly members: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

export interface RejectedField {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

/** @param subject what has the faults, for the caller @throws Rejection with all of them; none when there is none */
export const refuseFaulty = (code: string, subject: string, faults: readonly RejectedField[]): void => {
  const { length } = faults;
  if (length) throw new Rejection(code, `${subject} has ${length === 1 ? '1 fault' : `${length} faults`}`, faults);
};
