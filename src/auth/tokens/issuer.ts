import type { Settings } from '../../platform/config/settings.js';

/** The `iss` of access tokens: the address clients know. */
export function issuerOf(settings: Settings): string {
  return settings.publicUrl ?? `http://${settings.host}:${settings.port}`;
}
