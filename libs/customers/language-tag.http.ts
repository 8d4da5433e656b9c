import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { MayBeAbsent } from '../platform/http/may-be-absent';

/** A BCP 47 tag of a language, with script and region where they matter: `de`, `pt-BR`, `zh-Hant-TW`. May be absent. */
export const LanguageTag = (): PropertyDecorator =>
  applyDecorators(
    ApiProperty({ type: String, required: false, example: 'de', description: 'BCP 47' }),
    MayBeAbsent(),
    Matches(/^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?$/, {
      message: 'must be a language tag such as de or pt-BR',
    }),
  );
