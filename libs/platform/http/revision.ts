import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';

const revisionMax = 1_000_000;

/** Revision of an event in its stream, from 0. */
export const Revision = (): PropertyDecorator =>
  applyDecorators(ApiProperty({ type: Number, minimum: 0 }), IsInt(), Min(0), Max(revisionMax));
