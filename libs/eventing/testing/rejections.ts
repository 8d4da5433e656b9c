import { Rejection } from '../rejection';

/** Code of the refusal that `work` ends in; what it returned when it was not refused. */
export const codeOfRejection = (work: () => unknown): string => {
  try {
    return `accepted: ${JSON.stringify(work())}`;
  } catch (error) {
    if (error instanceof Rejection) return error.code;
    throw error;
  }
};
