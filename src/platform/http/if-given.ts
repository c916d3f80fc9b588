import { ValidateIf } from 'class-validator';

/** A field that may be absent but not null; `IsOptional` lets null through. */
export const IfGiven = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined);
