import { type Kind, KINDS } from './identity.js';
import { SYSTEM_TIME, type Time } from './time.js';

/** What an application says once about the Provost it uses. */
export interface ProvostOptions {
  /** Where Provost is, without `/api/v1`. @example 'http://127.0.0.1:3000' */
  readonly url: string;
  /** A service key with the scopes that are used here: `verify`, and as needed `usage:consume` and `messages:write`. */
  readonly serviceKey: string;
  /** The `iss` of access tokens: what Provost's PUBLIC_URL says. Without it, `url`. */
  readonly issuer?: string;
  /** Which kinds of callers are let in; users alone if it is absent. */
  readonly kinds?: readonly Kind[];
  /** For how long an API key is believed without asking again, 2 to 5 seconds; 2 if it is absent. */
  readonly keySeconds?: number;
  /** For how long a session is believed without asking again, 2 to 900 seconds; 60 if it is absent. What ends it is told sooner. */
  readonly sessionSeconds?: number;
  /**
   * For how long callers who were verified before go on being let in while Provost does not answer, up to 3,600 seconds. 0, the default:
   * nobody is. What is revoked meanwhile, by another instance of Provost, is not heard here.
   */
  readonly outageSeconds?: number;
  /** Where message logs wait on the disk. Without it `log()` cannot be used. A folder for each process is best. */
  readonly spool?: SpoolOptions;
  /** Hears of what goes wrong in the background: logs that cannot be posted or were refused, reservations that could not be settled. */
  readonly onError?: (error: Error) => void;
  /** The clock; for tests. */
  readonly time?: Time;
}

export interface SpoolOptions {
  readonly folder: string;
  /** Of all files in it, those with refused logs included; 256 MiB if it is absent. */
  readonly maxBytes?: number;
}

/** With nothing left open. */
export interface Settings {
  readonly url: URL;
  readonly serviceKey: string;
  readonly issuer: string;
  readonly kinds: readonly Kind[];
  readonly keyMs: number;
  readonly sessionMs: number;
  readonly outageMs: number;
  readonly spool: Required<SpoolOptions> | undefined;
  readonly onError: (error: Error) => void;
  readonly time: Time;
}

const DEFAULT_SPOOL_BYTES = 256 * 1024 * 1024;

export function settingsOf(options: ProvostOptions): Settings {
  const { serviceKey, kinds = ['user'], spool } = options;
  const url = urlOf(options.url);
  if (!/^pv_[!-~]+$/.test(serviceKey)) throw new TypeError('serviceKey must be a service key of Provost, which begins with pv_');
  if (kinds.length === 0 || kinds.some((kind) => !KINDS.includes(kind))) throw new TypeError(`kinds must name some of ${KINDS.join(', ')}`);
  return {
    url,
    serviceKey,
    issuer: options.issuer ?? options.url.replace(/\/$/, ''),
    kinds,
    keyMs: 1000 * inRange('keySeconds', options.keySeconds ?? 2, 2, 5),
    sessionMs: 1000 * inRange('sessionSeconds', options.sessionSeconds ?? 60, 2, 900),
    outageMs: 1000 * inRange('outageSeconds', options.outageSeconds ?? 0, 0, 3600),
    spool: spool && { folder: spool.folder, maxBytes: spool.maxBytes ?? DEFAULT_SPOOL_BYTES },
    onError: options.onError ?? ((error) => process.emitWarning(error)),
    time: options.time ?? SYSTEM_TIME,
  };
}

function urlOf(text: string): URL {
  const url = new URL(text);
  if (!/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '' || url.username !== '') throw new TypeError('url must be the http or https address of Provost, and nothing more');
  return url;
}

function inRange(name: string, value: number, least: number, most: number): number {
  if (!(value >= least && value <= most)) throw new TypeError(`${name} must be from ${least} to ${most}`);
  return value;
}
