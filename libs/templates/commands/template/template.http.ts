import { Body, Controller, createParamDecorator, ExecutionContext } from '@nestjs/common';
import { CommandBus, CommandHandler, ICommandHandler } from '@nestjs/cqrs';
import { ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsBoolean, IsIn, Matches, MaxLength, ValidateNested } from 'class-validator';
import { Outcome } from '../../../eventing/command-runner';
import { streamOf } from '../../../eventing/event';
import { Caller } from '../../../platform/auth/caller';
import { Engine } from '../../../platform/engine/engine';
import { CommandHeaders, contextOf } from '../../../platform/http/command-context';
import { commandHeaders } from '../../../platform/http/command-headers.http';
import { commandRoute, verbOf } from '../../../platform/http/command-route.http';
import { MayBeAbsent } from '../../../platform/http/may-be-absent';
import { malformed } from '../../../platform/http/problem';
import { Text } from '../../../platform/http/text';
import {
  PlaceholderType,
  placeholderTypes,
  templateCategory,
  TemplateEvent,
  TemplateFormat,
  templateFormats,
} from '../../events';
import { maySaveTemplates } from '../../permissions';
import { Template, templateEvolution } from '../../template';
import { retireTemplate, saveTemplate } from './template';

const nameCharactersMax = 200;
const bodyCharactersMax = 20_000;
const placeholdersMax = 50;
const choicesMax = 50;
const idPattern = /^[a-z0-9][a-z0-9-]{0,39}$/;

export class PlaceholderBody {
  @ApiProperty({ example: 'order_number' })
  @Matches(/^[a-z][a-z0-9_]{0,39}$/, { message: 'must be up to 40 lower-case letters, digits and underscores' })
  readonly name: string;

  @ApiProperty({ enum: placeholderTypes })
  @IsIn(placeholderTypes)
  readonly type: PlaceholderType;

  @ApiProperty({ required: false, default: true })
  @MayBeAbsent()
  @IsBoolean()
  readonly required?: boolean;

  @ApiProperty({ type: [String], required: false, description: 'of a choice' })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(choicesMax)
  @MaxLength(nameCharactersMax, { each: true })
  readonly choices?: readonly string[];
}

export class SaveTemplateBody {
  @Text({ charactersMax: nameCharactersMax })
  readonly name: string;

  @ApiProperty({ enum: templateFormats, required: false, default: 'text' })
  @MayBeAbsent()
  @IsIn(templateFormats)
  readonly format?: TemplateFormat;

  @Text({ charactersMax: bodyCharactersMax })
  readonly body: string;

  @ApiProperty({ type: [PlaceholderBody], required: false })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(placeholdersMax)
  @ValidateNested({ each: true })
  @Type(() => PlaceholderBody)
  readonly placeholders?: readonly PlaceholderBody[];
}

export class RetireTemplateBody {}

interface TemplateTarget {
  readonly id: string;
  readonly verb: string;
  readonly caller: Caller;
  readonly headers: CommandHeaders;
}

interface TargetedRequest {
  readonly params: { readonly id: string };
  readonly caller: Caller;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

const Target = createParamDecorator((_: unknown, context: ExecutionContext): TemplateTarget => {
  const { params, caller, headers } = context.switchToHttp().getRequest<TargetedRequest>();
  if (!idPattern.test(params.id))
    throw malformed('MALFORMED_REQUEST', 'An id has up to 40 lower-case letters, digits and dashes.');
  return { id: params.id, verb: verbOf(context), caller, headers: commandHeaders(headers) };
});

const TemplateRoute = (verb: string): MethodDecorator =>
  commandRoute({
    ...{ verb, path: `:id/${verb}`, roles: maySaveTemplates, of: { name: 'id', example: 'on-our-way' } },
    revision: 'the revision of the template, in quotes',
  });

export class SaveTemplateCommand {
  constructor(
    readonly target: TemplateTarget,
    readonly body: SaveTemplateBody,
  ) {}
}

export class RetireTemplateCommand {
  constructor(readonly target: TemplateTarget) {}
}

@Controller('v1/templates')
@ApiTags('templates')
export class TemplateController {
  constructor(private readonly bus: CommandBus) {}

  @TemplateRoute('save')
  @ApiOperation({ operationId: 'saveTemplate', summary: 'Makes this the next revision of a template.' })
  save(@Target() target: TemplateTarget, @Body() body: SaveTemplateBody): Promise<Outcome> {
    return this.bus.execute(new SaveTemplateCommand(target, body));
  }

  @TemplateRoute('retire')
  @ApiOperation({ operationId: 'retireTemplate', summary: 'Lets nobody use a template any more.' })
  retire(@Target() target: TemplateTarget, @Body() _body: RetireTemplateBody): Promise<Outcome> {
    return this.bus.execute(new RetireTemplateCommand(target));
  }
}

const run = (
  { runner, now }: Engine,
  { id, verb, caller, headers }: TemplateTarget,
  body: object,
  decide: (state: Template) => readonly TemplateEvent[],
): Promise<Outcome> =>
  runner.execute<Template, TemplateEvent>({
    ...{ evolution: templateEvolution, key: id, expects: 'any' as const, body: { verb, ...body }, decide },
    context: contextOf({ caller, target: streamOf(templateCategory, id), headers, now: now() }),
  });

@CommandHandler(SaveTemplateCommand)
export class SaveTemplateHandler implements ICommandHandler<SaveTemplateCommand, Outcome> {
  constructor(private readonly engine: Engine) {}

  execute({ target, body }: SaveTemplateCommand): Promise<Outcome> {
    const { name, format = 'text', body: text, placeholders = [] } = body;
    const definition = {
      ...{ name, format, body: text },
      placeholders: placeholders.map((each) => ({
        ...{ name: each.name, type: each.type },
        ...{ isRequired: each.required ?? true, choices: each.choices ?? [] },
      })),
    };
    return run(this.engine, target, body, (state) => saveTemplate(definition, state));
  }
}

@CommandHandler(RetireTemplateCommand)
export class RetireTemplateHandler implements ICommandHandler<RetireTemplateCommand, Outcome> {
  constructor(private readonly engine: Engine) {}

  execute({ target }: RetireTemplateCommand): Promise<Outcome> {
    return run(this.engine, target, {}, retireTemplate);
  }
}
