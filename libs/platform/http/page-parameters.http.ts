import { applyDecorators } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';
import { shortText, wholeNumber } from './query-parameters';

/** Lists that are read page by page, each page from the cursor of the one before. */
const rowsMax = 200;
export const pageRowsUsual = 50;
const cursorCharactersMax = 300;

export const pageParameters = { limit: wholeNumber(1, rowsMax), cursor: shortText(cursorCharactersMax) };

export const ApiPage = (): MethodDecorator =>
  applyDecorators(
    ApiQuery({
      name: 'limit',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: rowsMax, default: pageRowsUsual },
    }),
    ApiQuery({ name: 'cursor', required: false, description: 'nextCursor of the page before, with the same filters' }),
  );
