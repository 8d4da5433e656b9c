import { Command } from 'commander';
import { ConfigurationBook } from '../../../libs/configuration/configuration-book.adapter';
import { ConfigurationDocuments } from '../../../libs/configuration/configuration.handler';
import { differencesUsual, firstInstant, lastInstant } from '../../../libs/requests/routing-trials/routing-trials.http';
import { RoutingTrials } from '../../../libs/requests/routing-trials/routing-trials.handler';
import { TrialResult } from '../../../libs/requests/routing-trials/trial';
import { Invocation, printJson, printLine } from '../invocation';
import { withSession } from '../session';
import { instantOf, readYaml } from '../yaml-file';

interface DryRunOptions {
  readonly rules?: string;
  readonly from?: string;
  readonly to?: string;
  readonly json?: boolean;
}

const lines = ({ requests, named, unmatched, rules, different, differences }: TrialResult): readonly string[] => [
  `${requests} requests: ${named} opened for a team, ${unmatched} without a rule, ${different} come to another team`,
  ...rules.map(({ rule, requests: count, sameTeam }) => `${rule}: ${count} requests, ${sameTeam} to the team they had`),
  ...differences.map(({ number, rule, matched }) => `${number}: ${rule} by ${matched}`),
];

export const declareRouting = (program: Command, invocation: Invocation): void => {
  program
    .command('routing')
    .description('how requests find a team')
    .command('dry-run')
    .description('try routing rules on the past; reads the mirror of the log, changes nothing')
    .option('--rules <file>', 'YAML with `routing: rules:` as `config export` prints it; left out: those in force')
    .option('--from <instant>', 'requests opened from then on')
    .option('--to <instant>', 'requests opened before then')
    .option('--json', 'as JSON')
    .action(async ({ rules: file, from, to, json }: DryRunOptions) => {
      const written: unknown = file === undefined ? undefined : (await readYaml(file)).value;
      const result = await withSession(invocation, 'routing', ({ engine, directory }) => {
        const book = new ConfigurationBook(engine.runner);
        return new RoutingTrials(engine, book, new ConfigurationDocuments(book, directory)).run({
          rules: file === undefined ? null : (Object(Object(written).routing).rules ?? []),
          from: from === undefined ? firstInstant : instantOf('from', from),
          to: to === undefined ? lastInstant : instantOf('to', to),
          differencesMax: differencesUsual,
        });
      });
      if (json) printJson(invocation, result);
      else for (const line of lines(result)) printLine(invocation, line);
    });
};
