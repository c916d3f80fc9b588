import type { Settings } from '../../platform/config/settings.js';

/** What is counted for each network. */
export type RateName = 'sign-in' | 'registration' | 'public' | 'wrong-credentials';

export interface Rate {
  readonly limit: number;
  readonly windowSeconds: number;
}

const SETTING = {
  'sign-in': 'rateLimitSignIn',
  registration: 'rateLimitRegistration',
  public: 'rateLimitPublic',
  'wrong-credentials': 'rateLimitWrongCredentials',
} as const;

/** As the setting has it at this moment; undefined where it is 0, which is no limit. */
export function rateOf(settings: Settings, name: RateName): Rate | undefined {
  const text = settings[SETTING[name]];
  if (text === '0') return undefined;
  const [limit, windowSeconds] = text.split('/').map(Number) as [number, number];
  return { limit, windowSeconds };
}
