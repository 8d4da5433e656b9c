import { type ArgumentMetadata, Injectable, ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { type FieldProblem, malformed, unprocessable } from './problem';
import { pointerTo } from './strict-json';

/** Checks every body against its class. Nothing is converted: "5" is not a number, and an unknown property is a mistake. */
@Injectable()
export class StrictValidation extends ValidationPipe {
  constructor() {
    super({
      whitelist: true,
      forbidNonWhitelisted: true,
      forbidUnknownValues: true,
      transform: true,
      transformOptions: { enableImplicitConversion: false },
      stopAtFirstError: true,
      validationError: { target: false, value: true },
      exceptionFactory: (errors: ValidationError[]) => unprocessable(errors.flatMap((error) => fieldsOf(error, []))),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type === 'body' && (typeof value !== 'object' || value === null || Array.isArray(value))) {
      throw malformed('MALFORMED_JSON', 'The body must be a JSON object.');
    }
    return super.transform(value, metadata);
  }
}

const fieldsOf = (
  { property, constraints, children, value }: ValidationError,
  above: readonly string[],
): FieldProblem[] => {
  const path = [...above, property];
  const own = Object.entries(constraints ?? {}).map(([constraint, message]) => ({
    pointer: pointerTo(path),
    code: codeOf(constraint, value),
    detail: detailOf(constraint, message, property, value),
  }));
  return [...own, ...(children ?? []).flatMap((child) => fieldsOf(child, path))];
};

const codeOf = (constraint: string, value: unknown): string => {
  if (constraint === 'whitelistValidation') return 'UNKNOWN_PROPERTY';
  if (value === undefined) return 'REQUIRED';
  return constraint.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
};

/** The sentence behind the pointer: class-validator puts the property's name in front, which the pointer says already. */
const detailOf = (constraint: string, message: string, property: string, value: unknown): string => {
  if (constraint === 'whitelistValidation') return 'is not known here';
  if (value === undefined) return 'is required';
  return message.startsWith(`${property} `) ? message.slice(property.length + 1) : message;
};
