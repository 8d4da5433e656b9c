import { applyDecorators } from '@nestjs/common';
import { MayBeAbsent } from './may-be-absent';
import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayUnique, IsArray, IsString, Matches, ValidateBy } from 'class-validator';

/** Length as people count it: code points, so that an emoji is one. */
const codePoints = (text: string): number => [...text].length;

interface TextOptions {
  readonly charactersMax: number;
  readonly optional?: boolean;
}

const optionally = (optional: boolean | undefined): PropertyDecorator => (optional ? MayBeAbsent() : () => undefined);

/** A text that people write: not blank, bounded in code points. */
export const Text = ({ charactersMax, optional }: TextOptions): PropertyDecorator =>
  applyDecorators(
    ApiProperty({ type: String, required: !optional, maxLength: charactersMax }),
    optionally(optional),
    IsString(),
    ValidateBy({
      name: 'text',
      validator: {
        validate: (value) => typeof value === 'string' && value.trim() !== '' && codePoints(value) <= charactersMax,
        defaultMessage: () => `must be 1 to ${charactersMax} characters and not blank`,
      },
    }),
  );

/** A word out of a catalogue, such as a category or a resolution code: short, without control characters. */
const codePattern = /^[\p{L}\p{N}][\p{L}\p{N} ._/&+:-]{0,79}$/u;

const codesMax = 50;

/** Words out of a catalogue, each once. */
export const Codes = ({ optional }: { readonly optional?: boolean } = {}): PropertyDecorator =>
  applyDecorators(
    ApiProperty({ type: [String], required: !optional, maxItems: codesMax }),
    optionally(optional),
    IsArray(),
    ArrayMaxSize(codesMax),
    ArrayUnique(),
    Matches(codePattern, { each: true, message: 'must be 1 to 80 letters, digits, spaces or . _ / & + : -' }),
  );

export const Code = ({ optional }: { readonly optional?: boolean } = {}): PropertyDecorator =>
  applyDecorators(
    ApiProperty({ type: String, required: !optional, maxLength: 80 }),
    optionally(optional),
    Matches(codePattern, { message: 'must be 1 to 80 letters, digits, spaces or . _ / & + : -' }),
  );
