import { Command, Option } from 'commander';
import { EraseCommand, EraseHandler, ErasureAnswer } from '../../../libs/customers/commands/erase/erase.http';
import { ErasureGround, erasureGrounds } from '../../../libs/customers/events';
import { Erasure } from '../../../libs/customers/processes/complete-erasure/complete-erasure.process';
import { isId } from '../../../libs/teams/handles';
import { adaptersOf } from '../../adapters';
import { Failed } from '../failures';
import { Invocation, printJson, printLine } from '../invocation';
import { assertMeant, noHeaders, operator } from '../operator';
import { withSession } from '../session';

interface EraseOptions {
  readonly as: string;
  readonly ground: ErasureGround;
  readonly yes?: boolean;
  readonly json?: boolean;
}

const erase = (invocation: Invocation, id: string, { as, ground }: EraseOptions): Promise<ErasureAnswer> =>
  withSession(invocation, 'erase', async (session) => {
    const { engine, contacts, identity } = adaptersOf(session.engine, session.config);
    await contacts.prepare();
    const handler = new EraseHandler(engine, new Erasure(engine, contacts, identity), identity);
    const target = { id, verb: 'erase', caller: await operator(session, as), headers: noHeaders };
    return handler.execute(new EraseCommand(target, { ground }));
  });

export const declareErase = (program: Command, invocation: Invocation): void => {
  program
    .command('erase')
    .argument('<customer>', 'id of the customer')
    .description('destroy the key of one customer: nothing personal about them can be read again, in any case')
    .requiredOption('--as <handle>', 'who does it; a known member of staff')
    .addOption(new Option('--ground <ground>', 'why').choices(erasureGrounds).default('requested'))
    .option('--yes', 'it is meant: it cannot be taken back')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
Events, numbers, times and hashes stay; names and texts show as [erased]. Copies of the key in backups open nothing
any more once keys are rolled: casefold keys roll.`,
    )
    .action(async (customer: string, options: EraseOptions) => {
      const id = customer.toLowerCase();
      if (!isId(id)) throw new Failed('usage', 'the id of a customer is a UUID');
      assertMeant(options.yes, 'an erasure');
      const answer = await erase(invocation, id, options);
      if (options.json) printJson(invocation, answer);
      else printLine(invocation, `customer ${answer.customer} is erased since ${answer.keyDestroyedAt}`);
    });
};
