import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsInt, IsObject, IsString, Max, MaxLength, Min, ValidateNested } from 'class-validator';
import { refuseFaulty } from '../eventing/rejection';
import { MayBeAbsent } from '../platform/http/may-be-absent';
import { CalendarBody, dateFaults, dayFaults, OpenTimes, Week } from './calendar-definition';
import { type Fault, fault, under } from './fault';
import { icalHolidays } from './ical-holidays';
import { publicHolidayFaults, PublicHolidays, publicHolidays } from './public-holidays';

const intervalsMax = 24;
const daysMax = 5_000;
const icalCharactersMax = 500_000;

export class OpenTimesBody implements OpenTimes {
  @ApiProperty({ type: String, example: '09:00' }) @IsString() readonly from: string;
  @ApiProperty({ type: String, example: '17:00', description: '`24:00` ends the day' }) @IsString() readonly to: string;
}

const Times = (required: boolean): PropertyDecorator =>
  applyDecorators(
    ApiProperty({ type: [OpenTimesBody], required }),
    ...(required ? [] : [MayBeAbsent()]),
    IsArray(),
    ArrayMaxSize(intervalsMax),
    ValidateNested({ each: true }),
    Type(() => OpenTimesBody),
  );

/** ISO weekdays: 1 is Monday. */
export class WeekBody implements Week {
  @Times(false) readonly 1?: OpenTimesBody[];
  @Times(false) readonly 2?: OpenTimesBody[];
  @Times(false) readonly 3?: OpenTimesBody[];
  @Times(false) readonly 4?: OpenTimesBody[];
  @Times(false) readonly 5?: OpenTimesBody[];
  @Times(false) readonly 6?: OpenTimesBody[];
  @Times(false) readonly 7?: OpenTimesBody[];
}

export class ExceptionBody {
  @ApiProperty({ type: String, format: 'date' }) @IsString() readonly date: string;
  @Times(true) readonly times: OpenTimesBody[];
}

export class PublicHolidaysBody implements PublicHolidays {
  @ApiProperty({ type: String, example: 'IT' }) @IsString() readonly country: string;
  @ApiProperty({ type: String, required: false }) @MayBeAbsent() @IsString() readonly state?: string;
  @ApiProperty({ type: String, required: false }) @MayBeAbsent() @IsString() readonly region?: string;
  @ApiProperty({ minimum: 1970, maximum: 2100 }) @IsInt() @Min(1970) @Max(2100) readonly yearFirst: number;
  @ApiProperty({ minimum: 1970, maximum: 2100 }) @IsInt() @Min(1970) @Max(2100) readonly yearLast: number;
}

export class DraftCalendarBody {
  @ApiProperty({ type: String, example: 'Europe/Rome' })
  @IsString()
  @MaxLength(60)
  readonly zone: string;

  @ApiProperty({ type: WeekBody, required: false, description: 'left out: open around the clock' })
  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => WeekBody)
  readonly week?: WeekBody;

  @ApiProperty({ type: [String], required: false, description: 'local dates' })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(daysMax)
  @IsString({ each: true })
  readonly holidays?: string[];

  @ApiProperty({ type: [ExceptionBody], required: false, description: 'days with times of their own; none: closed' })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(daysMax)
  @ValidateNested({ each: true })
  @Type(() => ExceptionBody)
  readonly exceptions?: ExceptionBody[];

  @ApiProperty({ type: PublicHolidaysBody, required: false, description: 'added to the holidays, as plain dates' })
  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => PublicHolidaysBody)
  readonly publicHolidays?: PublicHolidaysBody;

  @ApiProperty({
    ...{ type: String, required: false, maxLength: icalCharactersMax },
    description: 'an iCalendar text; its all-day events are added to the holidays',
  })
  @MayBeAbsent()
  @IsString()
  @MaxLength(icalCharactersMax)
  readonly iCalendar?: string;
}

/** Repetitions of an iCalendar event are followed this far. */
const yearsAhead = 10;

/**
 * Everything that names holidays becomes plain dates.
 * @param at pointer of the body @throws Rejection CALENDAR_INVALID with a pointer to what was given wrong
 */
export const calendarOf = async (body: DraftCalendarBody, now: Date, at = ''): Promise<CalendarBody> => {
  const named = await countryDates(body);
  const events = iCalendarDates(body, now);
  const faults = [...named.faults, ...events.faults, ...givenFaults(body)];
  refuseFaulty('CALENDAR_INVALID', 'the calendar', under(at, faults));
  const dates = [...(body.holidays ?? []), ...named.dates, ...events.dates];
  const exceptions = (body.exceptions ?? []).map(({ date, times }) => [date, times.map(timesOf)] as const);
  return {
    zone: body.zone,
    week: body.week ? weekOf(body.week) : 'always',
    holidays: [...new Set(dates)].sort(),
    ...(exceptions.length ? { exceptions: Object.fromEntries(exceptions) } : {}),
  };
};

const timesOf = ({ from, to }: OpenTimes): OpenTimes => ({ from, to });

const weekOf = (week: WeekBody): Week =>
  Object.fromEntries(
    Object.entries(week).map(([day, times]: [string, readonly OpenTimes[]]) => [day, times.map(timesOf)]),
  );

interface Found {
  readonly dates: readonly string[];
  readonly faults: readonly Fault[];
}

const countryDates = async ({ publicHolidays: asked }: DraftCalendarBody): Promise<Found> => {
  if (!asked) return { dates: [], faults: [] };
  const faults = under('/publicHolidays', await publicHolidayFaults(asked));
  return { dates: faults.length ? [] : await publicHolidays(asked), faults };
};

const iCalendarDates = ({ iCalendar }: DraftCalendarBody, now: Date): Found => {
  if (iCalendar === undefined) return { dates: [], faults: [] };
  const found = icalHolidays(iCalendar, now.getUTCFullYear() + yearsAhead);
  return 'dates' in found ? { ...found, faults: [] } : { dates: [], faults: under('/iCalendar', found.faults) };
};

/** Of the days as they were given: in the calendar they are in order, each of them once. */
const givenFaults = ({ holidays = [], exceptions = [] }: DraftCalendarBody): readonly Fault[] => [
  ...holidays.flatMap((date, place) => dateFaults(`/holidays/${place}`, date)),
  ...exceptions.flatMap(({ date, times }, place) =>
    under(`/exceptions/${place}`, [
      ...dateFaults('/date', date),
      ...(exceptions.findIndex((other) => other.date === date) < place
        ? [fault('/date', 'DATE_TWICE', `${date} has times already`)]
        : []),
      ...under('/times', dayFaults(times)),
    ]),
  ),
];
