import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  Matches,
  Max,
  Min,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import { Rejection } from '../eventing/rejection';
import { MayBeAbsent } from '../platform/http/may-be-absent';
import { OrderVerb, orderVerbs } from '../requests/order-verbs';
import {
  Condition,
  ConditionField,
  conditionFields,
  quietStatuses,
  RuleBody,
  Trigger,
  TriggerType,
  triggerTypes,
} from './rule';

const conditionsMax = 20;
const valuesMax = 50;
const secondsMax = 366 * 86_400;
const triggers = ['event', 'quiet', 'hold-until'] as const;

const wordPattern = /^[\p{L}\p{N}][\p{L}\p{N} ._/&+:-]{0,79}$/u;

const IsWords = (): PropertyDecorator =>
  ValidateBy({
    name: 'words',
    validator: {
      validate: (values) =>
        Array.isArray(values) &&
        values.every((value) => value === null || (typeof value === 'string' && wordPattern.test(value))),
      defaultMessage: () => 'must be words of up to 80 letters and digits, or null',
    },
  });

export class TriggerBody {
  @ApiProperty({ enum: triggers })
  @IsIn(triggers)
  readonly on: (typeof triggers)[number];

  @ApiProperty({ enum: triggerTypes, isArray: true, required: false, description: 'of event' })
  @MayBeAbsent()
  @IsArray()
  @ArrayMinSize(1)
  @IsIn(triggerTypes, { each: true })
  readonly types?: readonly TriggerType[];

  @ApiProperty({ enum: quietStatuses, required: false, description: 'of quiet' })
  @MayBeAbsent()
  @IsIn(quietStatuses)
  readonly status?: (typeof quietStatuses)[number];

  @ApiProperty({ type: 'integer', minimum: 1, maximum: secondsMax, required: false, description: 'of quiet' })
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(secondsMax)
  readonly quietSeconds?: number;

  @ApiProperty({ type: String, required: false, description: 'of quiet: whose time is counted; always when left out' })
  @MayBeAbsent()
  @Matches(/^[a-z0-9][a-z0-9-]{0,39}$/)
  readonly calendar?: string;
}

export class ConditionBody {
  @ApiProperty({ enum: conditionFields })
  @IsIn(conditionFields)
  readonly field: ConditionField;

  @ApiProperty({
    type: 'array',
    items: { type: 'string', nullable: true },
    maxItems: valuesMax,
    description: 'one of these; null stands for none',
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(valuesMax)
  @IsWords()
  readonly in: readonly (string | null)[];

  @ApiProperty({ type: Boolean, required: false, description: 'true: none of these' })
  @MayBeAbsent()
  @IsBoolean()
  readonly not?: boolean;
}

export class OrderBody {
  @ApiProperty({ enum: orderVerbs })
  @IsIn(orderVerbs)
  readonly verb: OrderVerb;

  @ApiProperty({ type: Object, description: 'what the verb takes by itself' })
  @IsObject()
  readonly body: object;
}

/** When something happens, or nothing does, and the case is so, then one command. */
export class SaveRuleBody {
  @ApiProperty({ type: TriggerBody })
  @IsObject()
  @ValidateNested()
  @Type(() => TriggerBody)
  readonly when: TriggerBody;

  @ApiProperty({ type: [ConditionBody], required: false, maxItems: conditionsMax, description: 'all of them' })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(conditionsMax)
  @ValidateNested({ each: true })
  @Type(() => ConditionBody)
  readonly conditions?: readonly ConditionBody[];

  @ApiProperty({ type: OrderBody })
  @IsObject()
  @ValidateNested()
  @Type(() => OrderBody)
  readonly then: OrderBody;
}

const missing = (pointer: string): Rejection => {
  const detail = 'is required for this kind of rule';
  return new Rejection('RULE_INVALID', detail, [{ pointer, code: 'REQUIRED', detail }]);
};

const triggerOf = ({ on, types, status, quietSeconds: seconds, calendar = 'always' }: TriggerBody): Trigger => {
  switch (on) {
    case 'event':
      if (!types) throw missing('/when/types');
      return { on, types };
    case 'quiet':
      if (status === undefined) throw missing('/when/status');
      if (seconds === undefined) throw missing('/when/quietSeconds');
      return { on, status, seconds, calendar };
    case 'hold-until':
      return { on };
  }
};

/** The rule that a body describes. @param order the checked body of its command @throws Rejection RULE_INVALID */
export const ruleOf = ({ when, conditions = [], then }: SaveRuleBody, order: object): RuleBody => ({
  when: triggerOf(when),
  conditions: conditions.map(({ field, in: values, not = false }): Condition => ({ field, in: values, not })),
  then: { verb: then.verb, body: { ...order } },
});
