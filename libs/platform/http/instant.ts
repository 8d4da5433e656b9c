import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { ValidateBy } from 'class-validator';
import { DateTime } from 'luxon';
import { isOfOurTime } from '../../eventing/instants';
import { MayBeAbsent } from './may-be-absent';

/** RFC 3339 with an offset, a day that exists, a year of ours; `null` for anything else. @returns UTC with milliseconds */
export const parseInstant = (text: string): string | null => {
  if (!/^(19|20|21)\d\d-\d\d-\d\dT([01]\d|2[0-3]):\d\d:\d\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/.test(text))
    return null;
  const instant = DateTime.fromISO(text, { setZone: true });
  if (!instant.isValid) return null;
  const utc = instant.toUTC().toJSDate().toISOString();
  // The offset of a first or last day may lead into a year that is none of ours.
  return isOfOurTime(utc) ? utc : null;
};

export const Instant = ({ optional }: { readonly optional?: boolean } = {}): PropertyDecorator =>
  applyDecorators(
    ApiProperty({ type: String, format: 'date-time', required: !optional }),
    optional ? MayBeAbsent() : () => undefined,
    ValidateBy({
      name: 'instant',
      validator: {
        validate: (value) => typeof value === 'string' && parseInstant(value) !== null,
        defaultMessage: () => 'must be an existing RFC 3339 instant with an offset, such as 2026-03-31T09:00:00Z',
      },
    }),
  );
