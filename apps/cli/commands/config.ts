import { Command } from 'commander';
import { stringify } from 'yaml';
import { ConfigurationBook } from '../../../libs/configuration/configuration-book.adapter';
import { ConfigurationDocuments } from '../../../libs/configuration/configuration.handler';
import { Rejection } from '../../../libs/eventing/rejection';
import { contextOf } from '../../../libs/platform/http/command-context';
import { Failed } from '../failures';
import { Invocation, printJson, printLine } from '../invocation';
import { noHeaders, operator } from '../operator';
import { Session, withSession } from '../session';
import { instantOf, readYaml, Written } from '../yaml-file';

interface ExportOptions {
  readonly at?: string;
  readonly json?: boolean;
}

interface ApplyOptions {
  readonly as: string;
  readonly from?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** Says of a refusal at which lines of the file it lies. */
const withLines = async <T>(file: string, written: Written, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Rejection && error.fields.length)) throw error;
    const lines = error.fields.map(
      ({ pointer, detail }) => `${file}:${written.placeOf(pointer)} ${pointer || '/'} ${detail}`,
    );
    throw new Failed('refused', lines.join('\n'));
  }
};

const documentsOf = ({ engine, directory }: Session) => {
  const book = new ConfigurationBook(engine.runner);
  return { book, documents: new ConfigurationDocuments(book, directory) };
};

const apply = (invocation: Invocation, file: string, { as, from, dryRun, yes, json }: ApplyOptions): Promise<void> =>
  withSession(invocation, 'config', async (session) => {
    const { book, documents } = documentsOf(session);
    const written = await readYaml(file);
    const now = invocation.now();
    const since = from === undefined ? now.toISOString() : instantOf('from', from);
    await withLines(file, written, async () => {
      const document = await documents.read(written.value);
      const { changes, lines } = await documents.plan(document, since, now.toISOString());
      if (!json) for (const line of lines.length ? lines : ['nothing to change']) printLine(invocation, line);
      if (dryRun || !changes.length) return json && printJson(invocation, { changes, applied: false });
      if (!yes) throw new Failed('usage', 'nothing was changed; add --yes if this is meant, or --dry-run to only look');
      const caller = await operator(session, as);
      const context = contextOf({ caller, target: book.stream, headers: noHeaders, now });
      const { events, revision } = await documents.apply(document, since, context);
      if (json) printJson(invocation, { changes, applied: true, revision: String(revision) });
      else printLine(invocation, `${events.length} changes hold from ${since} on`);
    });
  });

export const declareConfig = (program: Command, invocation: Invocation): void => {
  const config = program.command('config').description('what requests may name and how they are routed, as YAML');
  config
    .command('export')
    .description('print what is in force; applying it changes nothing')
    .option('--at <instant>', 'what was in force then, or will be')
    .option('--json', 'as JSON')
    .action(async ({ at, json }: ExportOptions) => {
      const instant = at === undefined ? invocation.now().toISOString() : instantOf('at', at);
      const document = await withSession(invocation, 'config', (session) =>
        documentsOf(session).documents.export(Date.parse(instant)),
      );
      if (json) printJson(invocation, document);
      else invocation.terminal.out(stringify(document, { lineWidth: 120 }));
    });
  config
    .command('apply')
    .argument('<file>', 'YAML or JSON; of a section what it does not list is retired, what is left out stays')
    .description('show what a configuration changes, and with --yes make it so')
    .requiredOption('--as <handle>', 'who does it; a known member of staff')
    .option('--from <instant>', 'from when it holds; now, when it is left out')
    .option('--dry-run', 'only show the difference')
    .option('--yes', 'the difference is meant')
    .option('--json', 'as JSON')
    .action((file: string, options: ApplyOptions) => apply(invocation, file, options));
};
