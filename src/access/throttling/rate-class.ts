import { SetMetadata } from '@nestjs/common';

/** Routes that share one limit for each network. `none` is for what probes and monitors ask all day. */
export type RateClass = 'sign-in' | 'registration' | 'public' | 'none';

export type LimitedClass = Exclude<RateClass, 'none'>;

export const RATE_CLASS = 'provost:rate-class';

/** Which limit for each network a route falls under. Public routes that do not say are `public`, all others are not limited by network. */
export const LimitedAs = (rateClass: RateClass): MethodDecorator & ClassDecorator => SetMetadata(RATE_CLASS, rateClass);
