import type { Settings } from '../../platform/config/settings.js';

/** What is counted for each network. */
export type RateName = 'sign-in' | 'registration' | 'public' | 'wrong-credentials';

export interface Rate {
  readonly limit: number;
  readonly windowSeconds: number;
}

/** The limits that are on; a setting of 0 leaves its limit out. */
export function ratesOf(settings: Settings): Map<RateName, Rate> {
  const given: [RateName, string][] = [
    ['sign-in', settings.rateLimitSignIn],
    ['registration', settings.rateLimitRegistration],
    ['public', settings.rateLimitPublic],
    ['wrong-credentials', settings.rateLimitWrongCredentials],
  ];
  return new Map(given.filter(([, text]) => text !== '0').map(([name, text]) => [name, rateOf(text)]));
}

function rateOf(text: string): Rate {
  const [limit, windowSeconds] = text.split('/').map(Number) as [number, number];
  return { limit, windowSeconds };
}
