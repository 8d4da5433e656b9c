import { Type } from '@nestjs/common';
import { ConfigurationBook } from '../configuration/configuration-book.adapter';
import { CustomerSegments } from '../customers/segments.adapter';
import { Outcome } from '../eventing/command-runner';
import { Caller, Role } from '../platform/auth/caller';
import { Engine } from '../platform/engine/engine';
import { Cause } from '../platform/http/command-context';
import { Problem } from '../platform/http/problem';
import { StrictValidation } from '../platform/http/validation.pipe';
import { Directory } from '../teams/directory.adapter';
import { Templates } from '../templates/templates.adapter';
import { AssignBody, AssignCommand, AssignHandler } from './commands/assign/assign.http';
import { CancelBody, CancelCommand, CancelHandler } from './commands/cancel/cancel.http';
import { ClassifyBody, ClassifyCommand, ClassifyHandler } from './commands/classify/classify.http';
import { CloseBody, CloseCommand, CloseHandler } from './commands/close/close.http';
import { EscalateBody, EscalateCommand, EscalateHandler } from './commands/escalate/escalate.http';
import { HoldBody, HoldCommand, HoldHandler } from './commands/hold/hold.http';
import { NoteBody, NoteCommand, NoteHandler } from './commands/note/note.http';
import { ReopenBody, ReopenCommand, ReopenHandler } from './commands/reopen/reopen.http';
import { ResolveBody, ResolveCommand, ResolveHandler } from './commands/resolve/resolve.http';
import { RespondBody, RespondCommand, RespondHandler } from './commands/respond/respond.http';
import { ResumeBody, ResumeCommand, ResumeHandler } from './commands/resume/resume.http';
import { mayOrder, OrderVerb } from './order-verbs';
import { Reopening } from './reopening';
import { CommandTarget, RequestCommand, RequestCommands } from './request-commands.handler';

/** One order for one case, by the name of its verb. */
export interface Order {
  readonly verb: OrderVerb;
  readonly number: string;
  readonly body: object;
  readonly caller: Caller;
  /** The same key for the same case is the same command. */
  readonly key: string;
  readonly cause: Cause;
  readonly ifMatch?: number | undefined;
}

interface Handler {
  readonly body: Type<object>;
  readonly give: (target: CommandTarget, body: object) => Promise<Outcome>;
}

const handler = <B extends object>(
  body: Type<B>,
  Command: new (target: CommandTarget, body: B) => RequestCommand<B>,
  one: { execute(command: RequestCommand<B>): Promise<Outcome> },
): Handler => ({ body, give: (target, given) => one.execute(new Command(target, given as B)) });

/** What the handlers of the verbs work with. */
export interface OrderParts {
  readonly engine: Engine;
  readonly requests: RequestCommands;
  readonly directory: Directory;
  readonly configuration: ConfigurationBook;
  readonly segments: CustomerSegments;
  readonly templates: Templates;
  readonly reopening: Reopening;
}

/**
 * The front door for those who order by name: bulk jobs and automation rules. An order goes the way that the same verb goes when it
 * comes in over HTTP: the same check of its body, the same rule, the same single append.
 */
export class RequestOrders {
  private readonly handlers: Readonly<Record<OrderVerb, Handler>>;
  private readonly validation = new StrictValidation();

  constructor({ engine, requests, directory, configuration, segments, templates, reopening }: OrderParts) {
    this.handlers = {
      assign: handler(AssignBody, AssignCommand, new AssignHandler(requests, directory)),
      cancel: handler(CancelBody, CancelCommand, new CancelHandler(requests)),
      classify: handler(ClassifyBody, ClassifyCommand, new ClassifyHandler(requests, configuration, segments, engine)),
      close: handler(CloseBody, CloseCommand, new CloseHandler(requests)),
      escalate: handler(EscalateBody, EscalateCommand, new EscalateHandler(requests)),
      hold: handler(HoldBody, HoldCommand, new HoldHandler(requests)),
      note: handler(NoteBody, NoteCommand, new NoteHandler(requests)),
      reopen: handler(ReopenBody, ReopenCommand, new ReopenHandler(requests, reopening, engine)),
      resolve: handler(ResolveBody, ResolveCommand, new ResolveHandler(requests)),
      respond: handler(RespondBody, RespondCommand, new RespondHandler(requests, templates, engine)),
      resume: handler(ResumeBody, ResumeCommand, new ResumeHandler(requests)),
    };
  }

  mayOrder(role: Role, verb: OrderVerb): boolean {
    const roles: readonly Role[] = mayOrder[verb];
    return roles.includes(role);
  }

  /** Checks a body as the verb's route does. @param above pointer to where it stands @throws Problem VALIDATION_FAILED */
  async checked(verb: OrderVerb, body: unknown, above: string): Promise<object> {
    try {
      return Object(await this.validation.transform(body, { type: 'body', metatype: this.handlers[verb].body }));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const errors = error.errors.map(({ pointer, ...fault }) => ({ pointer: `${above}${pointer}`, ...fault }));
      throw new Problem('VALIDATION_FAILED', 'The order would be refused for its body.', { errors });
    }
  }

  /** @throws what the same command is refused for over HTTP */
  give({ verb, number, body, caller, key: idempotencyKey, cause, ifMatch }: Order): Promise<Outcome> {
    const headers = { idempotencyKey, ifMatch, traceparent: undefined };
    return this.handlers[verb].give({ number, verb, caller, headers, cause }, body);
  }
}
