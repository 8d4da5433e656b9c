import { numberFor } from '../../case-numbers/number-for';
import { Outcome, StreamTaken } from '../../eventing/command-runner';
import { Unavailable } from '../../eventing/failures';
import { Engine } from './engine';

// Ten million cases of 2^35 numbers leave one opening in 3 400 a second attempt; nobody ever sees the last one.
const attemptsMax = 5_000;

/**
 * Opens a stream under the first number of a command that nobody else holds. The command's own retry finds the number that it took.
 * @param open throws StreamTaken for a number that is another command's @throws Unavailable
 */
export const underFreeNumber = async (
  { numberKey: key, installation }: Pick<Engine, 'numberKey' | 'installation'>,
  prefix: string,
  commandId: string,
  open: (number: string) => Promise<Outcome>,
): Promise<Outcome> => {
  for (let attempt = 0; attempt < attemptsMax; attempt++)
    try {
      return await open(numberFor({ key, prefix, commandId, attempt, installation }));
    } catch (error) {
      if (!(error instanceof StreamTaken)) throw error;
    }
  throw new Unavailable('not-done', 'no free number was found');
};
