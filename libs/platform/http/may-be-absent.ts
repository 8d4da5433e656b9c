import { ValidateIf } from 'class-validator';

/**
 * A property that may be left out. class-validator's own `IsOptional` lets null pass whatever else is asked of the value, and a
 * null that nobody looked at would stand in the log for ever.
 */
export const MayBeAbsent = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined);
