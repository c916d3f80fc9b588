/** What a user has chosen about how the application treats them. */
export interface Preferences {
  language: string;
  theme: string;
  notifications: Record<string, boolean>;
  custom: Record<string, unknown>;
}

export const DEFAULT_PREFERENCES: Preferences = { language: 'en', theme: 'system', notifications: {}, custom: {} };
