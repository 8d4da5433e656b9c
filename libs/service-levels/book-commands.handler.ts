import { Injectable } from '@nestjs/common';
import { Outcome } from '../eventing/command-runner';
import { Engine } from '../platform/engine/engine';
import { contextOf } from '../platform/http/command-context';
import { Book } from './book';
import { bookStream, ServiceLevelBook } from './book.adapter';
import { BookTarget } from './book-command.http';
import { BookEvent } from './events';

/** Runs the rule of a command on the book. */
@Injectable()
export class BookCommands {
  constructor(
    private readonly book: ServiceLevelBook,
    private readonly engine: Engine,
  ) {}

  /** @param decide gets the instant of the command as well, RFC 3339 */
  run(
    { id, verb, caller, headers }: BookTarget,
    body: object,
    decide: (book: Book, now: string) => readonly BookEvent[],
  ): Promise<Outcome> {
    const context = contextOf({ caller, target: `${bookStream} ${verb} ${id}`, headers, now: this.engine.now() });
    return this.book.change({ verb, id, ...body }, context, (book) => decide(book, context.recordedAt));
  }
}
