import { Command } from 'commander';
import { categoryOf, keyOf, streamOf } from '../../../libs/eventing/event';
import { ChainBreak } from '../../../libs/eventing/hash-chain';
import { verifyChains, Verified } from '../../../libs/eventing/verify-chains.adapter';
import { requestCategory } from '../../../libs/requests/events';
import { categories } from '../../domain';
import { exactNumber } from '../case-number';
import { Failed } from '../failures';
import { Invocation, printJson, printLine } from '../invocation';
import { progressOf } from '../progress';
import { withSession } from '../session';

export const declareVerify = (program: Command, invocation: Invocation): void => {
  program
    .command('verify')
    .argument('[number]', 'one case only')
    .description('recompute every hash chain over the whole log and name the first event that does not fit')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Shows: an event that was changed, taken out, put elsewhere or added in the middle of a stream.
Cannot show: the last events of a stream that were cut off, a stream that is missing altogether, or one that was
written anew as a whole with hashes that fit. Compare with a copy that is kept elsewhere for those.
In memory stays one hash a stream.`,
    )
    .action(async (number: string | undefined, { json }: { json?: boolean }) => {
      const result = await withSession(invocation, 'verify', async ({ engine }) => {
        const shown = progressOf(invocation, 'events verified:');
        const events =
          number === undefined
            ? engine.store.readAll(categories)
            : engine.store.stream(streamOf(requestCategory, await exactNumber(engine, number)));
        try {
          return await verifyChains(engine.installation, events, (done) => {
            if (invocation.signal.aborted)
              throw new Failed('interrupted', `the first ${done} events fit; the others were not read`);
            shown.update(done);
          });
        } finally {
          shown.stop();
        }
      });
      if (json) printJson(invocation, result);
      else if (!result.broken) printLine(invocation, proved(result));
      if (result.broken) throw new Failed('refused', sentence(result.broken));
    });
};

const proved = ({ events, streams }: Verified): string => `${events} events in ${streams} streams: every hash fits`;

const sentence = ({ stream, revision, reason, expected, found }: ChainBreak): string =>
  `the first event that does not fit is event ${revision} of ${categoryOf(stream)} ${keyOf(stream)}: its ${reason} is ${found || 'empty'} and should be ${expected || 'empty'}`;
