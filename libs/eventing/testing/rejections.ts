import { Rejection } from '../rejection';

/** The refusal that `work` ends in. */
export const rejectionOf = (work: () => unknown): Rejection => {
  try {
    throw new Error(`accepted: ${JSON.stringify(work())}`);
  } catch (error) {
    if (error instanceof Rejection) return error;
    throw error;
  }
};

/** Code of the refusal that `work` ends in; what it returned when it was not refused. */
export const codeOfRejection = (work: () => unknown): string => {
  try {
    return `accepted: ${JSON.stringify(work())}`;
  } catch (error) {
    if (error instanceof Rejection) return error.code;
    throw error;
  }
};
