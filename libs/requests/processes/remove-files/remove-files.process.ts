import { Injectable } from '@nestjs/common';
import { Attachments } from '../../../attachments/attachments.adapter';
import { keyOf, Recorded } from '../../../eventing/event';
import { Process } from '../../../eventing/processes/process-runner';
import { Engine } from '../../../platform/engine/engine';
import { FileContent } from '../../event-values';
import { RequestEventOf } from '../../events';
import { requestEvolution } from '../../request';
import { casesWithFiles } from './cases-of-customer.query';

const casesPerPage = 100;

const isRedaction = (event: Recorded): event is Recorded<RequestEventOf<'RequestTextRedacted'>> =>
  event.type === 'RequestTextRedacted';

/** Removes files that nobody can open any more: those of an erased customer, and those that were redacted. */
@Injectable()
export class FileRemoval {
  constructor(
    private readonly engine: Engine,
    private readonly attachments: Attachments,
  ) {}

  process(): Process {
    return {
      name: 'remove-files',
      types: ['CustomerErased', 'RequestTextRedacted'],
      react: async (event) => {
        if (isRedaction(event)) await this.removeOne(keyOf(event.stream), event.data);
        else await this.removeAll(keyOf(event.stream));
      },
    };
  }

  private async removeOne(
    number: string,
    { redacts, pointer }: RequestEventOf<'RequestTextRedacted'>['data'],
  ): Promise<void> {
    const file = (await this.filesOf(number)).get(redacts);
    if (file && pointer === '/content') await this.attachments.remove({ number, sha256: file.sha256 });
  }

  private async removeAll(customer: string): Promise<void> {
    let numbers: readonly string[] = [];
    do {
      numbers = await casesWithFiles(this.engine.pool, customer, numbers.at(-1) ?? '', casesPerPage);
      for (const number of numbers)
        for (const { person, sha256 } of (await this.filesOf(number)).values())
          if (person === customer) await this.attachments.remove({ number, sha256 });
    } while (numbers.length === casesPerPage);
  }

  private async filesOf(number: string): Promise<ReadonlyMap<number, FileContent>> {
    const { state } = await this.engine.runner.load(requestEvolution, number);
    const history = state.status === 'none' ? [] : state.history;
    return new Map(history.flatMap(({ file }, revision) => (file ? [[revision, file.content] as const] : [])));
  }
}
