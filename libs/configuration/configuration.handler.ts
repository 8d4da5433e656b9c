import { Injectable } from '@nestjs/common';
import { CommandContext, Outcome } from '../eventing/command-runner';
import { Rejection } from '../eventing/rejection';
import { Fault, fault } from '../service-levels/fault';
import { Directory } from '../teams/directory.adapter';
import { applyConfiguration, changesBy, refuseConfiguration } from './commands/apply/apply';
import { ConfigurationBook } from './configuration-book.adapter';
import { RoutingBody } from './definitions';
import { ConfigurationDocument, readDocument } from './document';
import { Change, documentAt, planLines } from './plan';

export interface Plan {
  readonly changes: readonly Change[];
  /** The same in sentences. */
  readonly lines: readonly string[];
}

/** Configurations as people write them: teams by their handles. */
@Injectable()
export class ConfigurationDocuments {
  constructor(
    private readonly book: ConfigurationBook,
    private readonly directory: Directory,
  ) {}

  /** Everything that is in force at an instant. @param at epoch milliseconds */
  async export(at: number): Promise<Required<ConfigurationDocument>> {
    await this.book.refresh();
    const document = documentAt(await this.book.standing(at));
    return { ...document, routing: await this.withHandles(document.routing) };
  }

  /** @throws Rejection CONFIGURATION_INVALID with a pointer to each fault @param value whatever somebody wrote */
  async read(value: unknown): Promise<ConfigurationDocument> {
    const { document, faults } = readDocument(value);
    refuseConfiguration(faults);
    if (!document.routing) return document;
    const [routing, unknown] = await this.withIds(document.routing);
    refuseConfiguration(unknown);
    return { ...document, routing };
  }

  /** What applying it would change; refused where applying would be. @param from, now RFC 3339, UTC, milliseconds */
  async plan(document: ConfigurationDocument, from: string, now: string): Promise<Plan> {
    await this.book.refresh();
    const standing = await this.book.standing(Date.parse(from));
    const changes = changesBy({ document, from, now }, standing.configuration);
    return { changes, lines: planLines(standing, changes) };
  }

  /** @param from RFC 3339, UTC, milliseconds; undefined is now, whenever it is said again */
  apply(document: ConfigurationDocument, from: string | undefined, context: CommandContext): Promise<Outcome> {
    const now = context.recordedAt;
    return this.book.change({ verb: 'apply', document, from: from ?? null }, context, (configuration) =>
      applyConfiguration({ document, from: from ?? now, now }, configuration),
    );
  }

  private async withIds({ rules }: RoutingBody): Promise<readonly [RoutingBody, readonly Fault[]]> {
    const faults: Fault[] = [];
    const known = rules.map(async (rule, place) => {
      try {
        return { ...rule, team: await this.directory.activeTeam(rule.team, `/routing/rules/${place}/team`) };
      } catch (error) {
        if (!(error instanceof Rejection)) throw error;
        faults.push(...error.fields.map(({ pointer, code, detail }) => fault(pointer, code, detail)));
        return rule;
      }
    });
    return [{ rules: await Promise.all(known) }, faults];
  }

  private async withHandles({ rules }: RoutingBody): Promise<RoutingBody> {
    const shown = rules.map(async (rule) => {
      const team = await this.directory.team(rule.team);
      return { ...rule, team: team.status !== 'unknown' ? team.handle : rule.team };
    });
    return { rules: await Promise.all(shown) };
  }
}
