import { Command } from 'commander';
import { Outcome } from '../../../libs/eventing/command-runner';
import { CustomerSegments } from '../../../libs/customers/segments.adapter';
import { RedactCommand, RedactHandler } from '../../../libs/requests/commands/redact/redact.http';
import { Promises } from '../../../libs/requests/promises.handler';
import { Relations } from '../../../libs/relations/relations.adapter';
import { RelationCarrier } from '../../../libs/requests/carrying.handler';
import { RequestCommands } from '../../../libs/requests/request-commands.handler';
import { ConfigurationBook } from '../../../libs/configuration/configuration-book.adapter';
import { ServiceLevelBook } from '../../../libs/service-levels/book.adapter';
import { exactNumber } from '../case-number';
import { Failed } from '../failures';
import { Invocation, printJson, printLine } from '../invocation';
import { assertMeant, noHeaders, operator } from '../operator';
import { withSession } from '../session';

interface RedactOptions {
  readonly as: string;
  readonly reason: string;
  readonly pointer?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

interface Redacted extends Pick<Outcome, 'revision' | 'events'> {
  readonly number: string;
}

const redact = (
  invocation: Invocation,
  text: string,
  revision: number,
  { as, reason, pointer }: RedactOptions,
): Promise<Redacted> =>
  withSession(invocation, 'redact', async (session) => {
    const { engine } = session;
    const number = await exactNumber(engine, text);
    const caller = await operator(session, as);
    const promises = new Promises(new ServiceLevelBook(engine.runner), new CustomerSegments(engine.runner));
    const handler = new RedactHandler(
      new RequestCommands(
        ...([engine, promises, new ConfigurationBook(engine.runner)] as const),
        ...([new Relations(engine.runner), new RelationCarrier(engine)] as const),
      ),
      engine,
    );
    const target = { number, verb: 'redact', caller, headers: noHeaders };
    const outcome = await handler.execute(new RedactCommand(target, { revision, pointer, reason }));
    return { number, revision: outcome.revision, events: outcome.events };
  });

export const declareRedact = (program: Command, invocation: Invocation): void => {
  program
    .command('redact')
    .argument('<number>', 'of the request')
    .argument('<revision>', 'of the event that holds the text')
    .description('destroy the key of one text of a case: it can never be read again, everything else can')
    .requiredOption('--as <handle>', 'who does it; a known member of staff')
    .requiredOption('--reason <text>', 'why')
    .option('--pointer <pointer>', 'which text, such as /description, where the event holds several')
    .option('--yes', 'it is meant: it cannot be taken back')
    .option('--json', 'as JSON')
    .action(async (number: string, revision: string, options: RedactOptions) => {
      if (!/^\d{1,7}$/.test(revision)) throw new Failed('usage', 'a revision is a whole number from 0');
      assertMeant(options.yes, 'a redaction');
      const redacted = await redact(invocation, number, Number(revision), options);
      if (options.json) printJson(invocation, redacted);
      else
        printLine(
          invocation,
          `${redacted.number}: the text of event ${revision} is ${redacted.events.length ? '' : 'already '}gone`,
        );
    });
};
