import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsEmail, Matches } from 'class-validator';
import { MayBeAbsent } from './may-be-absent';

/** Where somebody can be reached, as far as it is said. */
export const Email = (): PropertyDecorator =>
  applyDecorators(ApiProperty({ required: false, format: 'email', maxLength: 254 }), MayBeAbsent(), IsEmail());

export const Phone = (): PropertyDecorator =>
  applyDecorators(
    ApiProperty({ required: false, maxLength: 40 }),
    MayBeAbsent(),
    Matches(/^[+0-9(][0-9 ()./-]{2,39}$/, { message: 'must be a telephone number' }),
  );
