import { Command } from 'commander';
import { SearchIndexer } from '../../../libs/eventing/search/search-indexer';
import { makeNewerKey } from '../../../libs/eventing/search/search-keys';
import { searchIndexes } from '../../../libs/requests/read-models/projections';
import { Failed } from '../failures';
import { Invocation, printLine } from '../invocation';
import { withSession } from '../session';

export const declareSearch = (program: Command, invocation: Invocation): void => {
  program
    .command('search')
    .description('look after the indexes of words')
    .command('rekey')
    .description(
      'build the indexes of words anew under a fresh key, beside those that serve, and destroy the older key',
    )
    .addHelpText(
      'after',
      `
After it, what backups and write-ahead logs hold of the older indexes, those of erased persons among them, can be
compared with nothing any more. Searches are answered all the while. It may run beside a server, and goes on
where it was when it was interrupted. Final together with 'keys roll'.`,
    )
    .action(() => withSession(invocation, 'search rekey', ({ engine }) => rekey(invocation, engine)));
};

type EngineOfSession = Parameters<Parameters<typeof withSession>[2]>[0]['engine'];

const rekey = async (
  invocation: Invocation,
  { pool, types, keyStore, keys, unsealer }: EngineOfSession,
): Promise<void> => {
  const id = await makeNewerKey(keyStore);
  const indexer = new SearchIndexer({
    ...{ pool, types, keyStore, keys, unsealer, indexes: searchIndexes },
    leads: () => true,
    onFailure: (error) => {
      throw error;
    },
  });
  if (!(await indexer.catchUp(invocation.signal)))
    throw new Failed('interrupted', 'the older indexes serve; a server, or the same command, goes on where it was');
  printLine(invocation, `searches go by ${id}; older keys are destroyed`);
};
