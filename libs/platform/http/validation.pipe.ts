import { type ArgumentMetadata, Injectable, ValidationPipe } from '@nestjs/common';
import { getMetadataStorage, type ValidationError } from 'class-validator';
import { type FieldProblem, malformed, unprocessable } from './problem';
import { pointerTo } from './strict-json';

// A body of ten thousand unknown properties is not worth an answer that is larger than itself.
const fieldsReportedMax = 20;

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
      exceptionFactory: (errors: ValidationError[]) =>
        unprocessable(errors.flatMap((error) => fieldsOf(error, [])).slice(0, fieldsReportedMax)),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type === 'body' && (typeof value !== 'object' || value === null || Array.isArray(value))) {
      throw malformed('MALFORMED_JSON', 'The body must be a JSON object.');
    }
    const { type, metatype } = metadata;
    if (type === 'body' && metatype && describesNothing(metatype)) return nothing(Object.keys(Object(value)), metatype);
    return super.transform(value, metadata);
  }
}

const known = new WeakMap<Function, boolean>();

const describesNothing = (metatype: Function): boolean => {
  const answer =
    known.get(metatype) ?? !getMetadataStorage().getTargetValidationMetadatas(metatype, '', true, false).length;
  known.set(metatype, answer);
  return answer;
};

/** class-validator takes a class without properties for a mistake; here it is the body of a verb that needs no more said. */
const nothing = (given: readonly string[], metatype: new () => unknown): unknown => {
  if (given.length) {
    const unknown = { code: 'UNKNOWN_PROPERTY', detail: 'is not known here' };
    throw unprocessable(given.slice(0, fieldsReportedMax).map((name) => ({ pointer: pointerTo([name]), ...unknown })));
  }
  return new metatype();
};

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
  if (constraint === 'arrayUnique') return 'must not hold the same twice';
  const each = `each value in ${property} must `;
  if (message.startsWith(each)) return `must each ${message.slice(each.length)}`;
  return message.startsWith(`${property} `) ? message.slice(property.length + 1) : message;
};
