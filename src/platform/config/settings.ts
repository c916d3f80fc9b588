import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsOptional, IsString, IsUrl, Length, Matches, Max, Min, ValidateBy } from 'class-validator';
import { IsSender } from '../mail/mail-address.js';
import { isNetwork } from '../network/networks.js';
import { Live } from './live.js';
import { isProxyName } from '../network/trusted-proxies.js';

const toNumber = Transform(({ value }: { value: unknown }) => (typeof value === 'string' && value.trim() !== '' ? Number(value) : value));
const toBoolean = Transform(({ value }: { value: unknown }) => (value === 'true' || value === '1' ? true : value === 'false' || value === '0' ? false : value));
const toList = Transform(({ value }: { value: unknown }) =>
  typeof value === 'string' ? value.split(',').map((part) => part.trim()).filter(Boolean) : value,
);

const PAGE = /^(\{app\}|https?:\/\/[^\s/?#]+)[^\s{}]*\{token\}[^\s{}]*$/;
const PAGE_RULE = { message: 'must begin with {app} or http(s):// and contain {token} once' };

/**
 * Every setting of Provost, validated once at start. The name in the environment is the property in capitals with
 * underscores (`dataDir` is `DATA_DIR`). `.env.example` is made from this file: one section a `// ---` line, one line a doc comment.
 * Those that are `@Live` an admin may change while the service runs: whoever uses one reads it here each time, and keeps no copy.
 */
export class Settings {
  // --- server
  /** Address to listen on. */
  @IsString() @Length(1, 255)
  host: string = '127.0.0.1';

  /** Port to listen on; 0 takes a free one. */
  @toNumber @IsInt() @Min(0) @Max(65535)
  port: number = 3000;

  /** The address clients use, without a trailing slash; the `iss` of tokens. Default: http://HOST:PORT. */
  @IsOptional() @IsUrl({ require_tld: false, require_protocol: true, protocols: ['http', 'https'] })
  publicUrl?: string;

  /** Origins that browsers may call from, comma-separated; `*` for any. */
  @toList @IsString({ each: true })
  corsOrigins: string[] = ['*'];

  /** Proxies whose X-Forwarded-For, -Proto and -Host are believed: addresses, CIDRs, `loopback`, `linklocal` or `uniquelocal`, comma-separated. */
  @toList @IsString({ each: true }) @AreProxies()
  trustProxy: string[] = [];

  /** Whether requests that did not come by HTTPS are refused, those to /health and loopback ones to /metrics apart. Behind a proxy TRUST_PROXY must name it. */
  @toBoolean @IsBoolean()
  httpsOnly: boolean = false;

  /** For how long browsers are told to come by HTTPS only (Strict-Transport-Security), in seconds; 0 says nothing. */
  @toNumber @IsInt() @Min(0) @Max(63_072_000)
  hstsSeconds: number = 0;

  /** Largest JSON body in bytes. */
  @toNumber @IsInt() @Min(1024) @Max(64 * 1024 * 1024)
  bodyLimitBytes: number = 1024 * 1024;

  /** Largest file of users to import, in bytes. */
  @toNumber @IsInt() @Min(1024) @Max(64 * 1024 * 1024 * 1024)
  importMaxBytes: number = 1024 * 1024 * 1024;

  /** How long a client may take to send a request, in seconds; files apart. */
  @toNumber @IsInt() @Min(1) @Max(600)
  requestTimeoutSeconds: number = 30;

  /** How long a client may take to send a file (PDFs, imports), in seconds. */
  @toNumber @IsInt() @Min(1) @Max(86_400)
  uploadTimeoutSeconds: number = 600;

  /** How long a stop waits for requests and buffers, in seconds. */
  @toNumber @IsInt() @Min(1) @Max(300)
  shutdownSeconds: number = 8;

  // --- limits by network
  @Live('Sign-ins, second steps, forgotten passwords and e-mail links of one network (an IPv4 address or an IPv6 /64), as REQUESTS/SECONDS; 0 for no limit, as with all of these.')
  @IsRate()
  rateLimitSignIn: string = '120/60';

  @Live('Registrations of one network.')
  @IsRate()
  rateLimitRegistration: string = '100/600';

  @Live('Requests of one network to the other public routes, such as refreshing tokens.')
  @IsRate()
  rateLimitPublic: string = '600/60';

  @Live('Access tokens and keys of one network that are none; right ones work all the same.')
  @IsRate()
  rateLimitWrongCredentials: string = '300/60';

  // --- logs and metrics
  /** Least severe lines that are logged: `fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent`. */
  @IsIn(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
  logLevel: string = 'info';

  /** Which requests get a log line: `all`, `errors` (4xx and 5xx) or `none`. */
  @IsIn(['all', 'errors', 'none'])
  logRequests: 'all' | 'errors' | 'none' = 'errors';

  /** Bearer token for /metrics. Without one, /metrics answers loopback callers only. */
  @IsOptional() @IsString() @Length(16, 256)
  metricsToken?: string;

  // --- database
  /** Where the embedded database, keys and spool lie. */
  @IsString() @Length(1, 1024)
  dataDir: string = './data';

  /** `mysql://user:password@host:port/database` or `mariadb://…`; empty for the embedded engine. */
  @IsOptional() @Matches(/^(mysql|mariadb):\/\/[^/]+\/[^/?]+/, { message: 'must look like mysql://user:password@host:3306/database' })
  databaseUrl?: string;

  /** Whether connections to MySQL are encrypted: `off`; `verified`, by a certificate for the host of DATABASE_URL; or `unverified`, which keeps out listeners alone. */
  @IsIn(['off', 'verified', 'unverified'])
  databaseTls: 'off' | 'verified' | 'unverified' = 'off';

  /** A file with the PEM certificates that vouch for MySQL's, such as a cloud's; those that Node.js knows otherwise. */
  @IsOptional() @IsString() @Length(1, 1024)
  databaseTlsCa?: string;

  /** Connections to MySQL; more than 16 made answers slower, not faster, when it was measured. */
  @toNumber @IsInt() @Min(2) @Max(500)
  databasePoolSize: number = 16;

  /** A statement or connection attempt that takes longer counts as the database being away, in milliseconds. */
  @toNumber @IsInt() @Min(200) @Max(60_000)
  databaseTimeoutMs: number = 1500;

  /** How long a start waits for the database before it gives up, in seconds. */
  @toNumber @IsInt() @Min(0) @Max(600)
  databaseWaitSeconds: number = 30;

  /** Whether a start applies pending migrations. */
  @toBoolean @IsBoolean()
  migrateOnStart: boolean = true;

  /** Whether this instance runs the scheduled jobs; each runs once however many instances do. */
  @toBoolean @IsBoolean()
  jobsEnabled: boolean = true;

  // --- experiments
  /** Threads that compute designs, fits and plots, at lower priority than everything else. */
  @toNumber @IsInt() @Min(1) @Max(64)
  computeThreads: number = 1;

  /** How long one computation may take, in seconds; a search then ends with the best it has found. */
  @toNumber @IsInt() @Min(1) @Max(3600)
  computeSeconds: number = 60;

  // --- tasks
  @Live('Tasks that were put into the trash are removed for good after this many days.')
  @toNumber @IsInt() @Min(1) @Max(3650)
  taskTrashDays: number = 30;

  // --- study
  @Live('Largest PDF that may be uploaded, in bytes.')
  @toNumber @IsInt() @Min(1024) @Max(1024 * 1024 * 1024)
  documentMaxBytes: number = 100 * 1024 * 1024;

  @Live('Most bytes of PDFs that one user may keep.')
  @toNumber @IsInt() @Min(0) @Max(1024 * 1024 * 1024 * 1024)
  documentQuotaBytes: number = 5 * 1024 * 1024 * 1024;

  /** Threads that open and read files of users, at lower priority than everything else. */
  @toNumber @IsInt() @Min(1) @Max(64)
  studyThreads: number = 1;

  /** How long checking a PDF may take, and how long reading a portion of its pages, in seconds. */
  @toNumber @IsInt() @Min(1) @Max(600)
  studySeconds: number = 20;

  /** Bucket of an S3 service where PDFs are kept. Empty: in DATA_DIR/documents, which several instances must share. */
  @IsOptional() @Matches(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, { message: 'must be the name of a bucket' })
  s3Bucket?: string;

  /** Where the S3 service is, such as https://minio.example.org:9000. Default: AWS in S3_REGION. */
  @IsOptional() @IsUrl({ require_tld: false, require_protocol: true, protocols: ['http', 'https'] })
  s3Endpoint?: string;

  /** Region of the bucket. */
  @Matches(/^[a-z0-9-]{1,64}$/, { message: 'must be the name of a region' })
  s3Region: string = 'us-east-1';

  /** Access key id of the S3 service. Default: what the AWS SDK finds by itself. */
  @IsOptional() @Length(1, 256)
  s3AccessKeyId?: string;

  /** Secret to that access key. */
  @IsOptional() @Length(1, 256)
  s3SecretAccessKey?: string;

  /** What the names of all objects begin with. */
  @Matches(/^[A-Za-z0-9/_.-]{0,200}$/, { message: 'must be letters, digits, slashes, dots, dashes and underscores' })
  s3Prefix: string = 'documents/';

  /** Whether the bucket stands in the path and not in the host name, as MinIO and most others want it. */
  @toBoolean @IsBoolean()
  s3PathStyle: boolean = false;

  // --- redis
  /** `redis://user:password@host:port/0`, or `rediss://…` with TLS: lets several instances hear of each other sooner and share their rate limits. Empty: each gets by without. */
  @IsOptional() @Matches(/^rediss?:\/\/[^\s/]+(?:\/\d*)?$/, { message: 'must look like redis://user:password@host:6379/0' })
  redisUrl?: string;

  // --- secrets
  /** 32 bytes as base64 that wrap every user's data key. Default: made at first start in DATA_DIR/keys. */
  @IsOptional() @Matches(/^[A-Za-z0-9+/_-]{43}=?$/, { message: 'must be 32 bytes as base64 (openssl rand -base64 32)' })
  masterKey?: string;

  /** Former values of MASTER_KEY that can still be read, comma-separated; for the time of a change (see docs/keys.md). */
  @toList @Matches(/^[A-Za-z0-9+/_-]{43}=?$/, { each: true, message: 'must each be 32 bytes as base64' })
  masterKeysOld: string[] = [];

  /** A PKCS#8 PEM (P-256) that signs access tokens from now on, with \n for line ends. Default: made at first start, kept in the database. */
  @IsOptional() @Matches(/^-----BEGIN PRIVATE KEY-----/, { message: 'must be a PKCS#8 PEM private key on the P-256 curve' })
  signingKey?: string;

  /** A new signing key is published this long before it signs, in hours: time for all who verify tokens to fetch it. */
  @toNumber @IsInt() @Min(1) @Max(24 * 30)
  signingKeyPublishHours: number = 24;

  /** A signing key is replaced by itself after so many days; 0 leaves it to `provost keys rotate`. */
  @toNumber @IsInt() @Min(0) @Max(3650)
  signingKeyDays: number = 90;

  /** The name inside API keys: `pv_<environment>_…`. */
  @Matches(/^[a-z][a-z0-9]{1,15}$/, { message: 'must be 2 to 16 lower-case letters or digits' })
  keyEnvironment: string = 'live';

  // --- accounts
  @Live('Whether strangers may register.')
  @toBoolean @IsBoolean()
  registrationOpen: boolean = true;

  @Live('Fewest characters of a password. Default: 12, and 8 for those of whom MFA_REQUIRED_FOR demands a second factor.')
  @IsOptional() @toNumber @IsInt() @Min(8) @Max(128)
  passwordMinLength?: number;

  /** argon2id memory in KiB. */
  @toNumber @IsInt() @Min(8) @Max(1024 * 1024)
  argon2MemoryKib: number = 19_456;

  /** argon2id passes. */
  @toNumber @IsInt() @Min(1) @Max(100)
  argon2Passes: number = 2;

  @Live('Failed sign-ins in a window, SIGN_IN_FAILURE_MINUTES long, after which an account is closed to networks it does not know, and to each network by itself.')
  @toNumber @IsInt() @Min(3) @Max(1000)
  signInFailuresPerAccount: number = 10;

  @Live('Failed sign-ins in a window after which a network (an IPv4 address, an IPv6 /64) may not sign in.')
  @toNumber @IsInt() @Min(10) @Max(1_000_000)
  signInFailuresPerNetwork: number = 100;

  @Live('How long failed sign-ins count, in minutes.')
  @toNumber @IsInt() @Min(1) @Max(24 * 60)
  signInFailureMinutes: number = 15;

  @Live('Life of an access token in seconds.')
  @toNumber @IsInt() @Min(30) @Max(900)
  accessTokenSeconds: number = 900;

  @Live('A session that was not refreshed for this long ends, in hours.')
  @toNumber @IsInt() @Min(1) @Max(24 * 365)
  sessionIdleHours: number = 24 * 14;

  @Live('A session ends after this long whatever happens, in hours.')
  @toNumber @IsInt() @Min(1) @Max(24 * 365)
  sessionMaxHours: number = 24 * 90;

  @Live('For this long the previous refresh token is answered with the same new one, in seconds.')
  @toNumber @IsInt() @Min(0) @Max(300)
  refreshGraceSeconds: number = 30;

  /** Kinds of accounts that can do nothing before a second factor is set up, comma-separated: `user`, `staff`, `admin`. */
  @toList @IsIn(['user', 'staff', 'admin'], { each: true, message: 'must be a list of user, staff and admin' })
  mfaRequiredFor: string[] = [];

  @Live('How long a deleted user can be restored before they are erased for good, in days.')
  @toNumber @IsInt() @Min(1) @Max(3650)
  deletedUserDays: number = 30;

  /** Whether a start makes the first admin when there is none. */
  @toBoolean @IsBoolean()
  firstAdmin: boolean = true;

  /** Name of the first admin. */
  @Matches(/^[a-z0-9][a-z0-9._-]{2,63}$/, { message: 'must be 3 to 64 lower-case letters, digits, dots, dashes or underscores' })
  adminUsername: string = 'admin';

  /** Password of the first admin; without it a random one is printed once. */
  @IsOptional() @Length(12, 256)
  adminPassword?: string;

  @Live('Whether users must have confirmed their e-mail address before they may sign in.')
  @toBoolean @IsBoolean()
  requireVerifiedEmail: boolean = false;

  // --- mail
  /** `smtps://user:password@host:465` or `smtp://host:587`; the latter insists on STARTTLS unless the host is loopback or `?requireTLS=false` is added. Empty: mails become files in DATA_DIR/outbox. */
  @IsOptional() @Matches(/^smtps?:\/\/[^\s/?#]+\/?(\?\S*)?$/, { message: 'must look like smtps://user:password@host:465' })
  smtpUrl?: string;

  /** Sender of mails, an address or `Name <address>`. */
  @IsSender()
  mailFrom: string = 'Provost <provost@localhost>';

  /** Where your application's pages are, for links in mails. Default: PUBLIC_URL. */
  @IsOptional() @IsUrl({ require_tld: false, require_protocol: true, protocols: ['http', 'https'] })
  appUrl?: string;

  /** Page that confirms an e-mail address: it sends the token to POST /auth/email/verify, or where the address carries `kind=staff` to POST /staff/auth/email/verify. `{app}` stands for APP_URL; `#token={token}` keeps the token out of that server's logs. */
  @Matches(PAGE, PAGE_RULE)
  verifyEmailUrl: string = '{app}/verify-email?token={token}';

  /** Page that asks for a new password and sends it with the token to POST /auth/password/reset, or where the address carries `kind=staff` to POST /staff/auth/password/reset. */
  @Matches(PAGE, PAGE_RULE)
  resetPasswordUrl: string = '{app}/reset-password?token={token}';

  @Live('How long a link that confirms an address is good, in hours.')
  @toNumber @IsInt() @Min(1) @Max(24 * 30)
  verifyLinkHours: number = 24;

  @Live('How long a link that resets a password is good, in minutes.')
  @toNumber @IsInt() @Min(5) @Max(24 * 60)
  resetLinkMinutes: number = 60;

  // --- usage
  @Live('Longest life of a reservation in seconds.')
  @toNumber @IsInt() @Min(10) @Max(86_400)
  reservationMaxSeconds: number = 3600;

  @Live('Most credits that staff may grant a user at a time; admins grant more.')
  @toNumber @IsInt() @Min(0) @Max(1_000_000_000)
  staffCreditsCap: number = 1000;

  @Live('How long the answer to an Idempotency-Key is kept, in hours.')
  @toNumber @IsInt() @Min(1) @Max(24 * 30)
  idempotencyHours: number = 24;

  // --- message logs
  /** How long the writer waits for more logs before it writes, in milliseconds; 0 writes as soon as it can. */
  @toNumber @IsInt() @Min(0) @Max(1000)
  intakeIntervalMs: number = 0;

  /** Most logs in one insert. */
  @toNumber @IsInt() @Min(1) @Max(1000)
  intakeBatchSize: number = 256;

  @Live('Most bytes of logs that wait in memory; past it intake answers 503.')
  @toNumber @IsInt() @Min(1024 * 1024) @Max(4 * 1024 * 1024 * 1024)
  intakeMemoryBytes: number = 64 * 1024 * 1024;

  @Live('Most bytes of logs that the spool holds while MySQL is away; past it intake answers 503.')
  @toNumber @IsInt() @Min(1024 * 1024) @Max(1024 * 1024 * 1024 * 1024)
  spoolBytes: number = 1024 * 1024 * 1024;

  @Live('Message text is erased after this many days; 0 keeps it.')
  @toNumber @IsInt() @Min(0) @Max(36_500)
  messageTextDays: number = 0;

  @Live('Message logs disappear wholly after this many days; 0 keeps them.')
  @toNumber @IsInt() @Min(0) @Max(36_500)
  messageLogDays: number = 0;

  // --- webhooks
  /** How long a webhook's endpoint may take to answer, in seconds. */
  @toNumber @IsInt() @Min(1) @Max(60)
  webhookTimeoutSeconds: number = 15;

  /** Whether webhooks may go to private and local addresses, and by http. For development: it lets admins reach what only this machine reaches. */
  @toBoolean @IsBoolean()
  webhookAllowPrivateTargets: boolean = false;

  @Live('Events are kept for webhooks, to be looked at and replayed, for this many days.')
  @toNumber @IsInt() @Min(1) @Max(3650)
  webhookDays: number = 30;

  @Live('A webhook that has taken nothing for this many days is disabled.')
  @toNumber @IsInt() @Min(2) @Max(3650)
  webhookFailureDays: number = 5;

  // --- statistics
  @Live('Which users were active on which day is forgotten after this many days; the sums of the days stay. 0 keeps it.')
  @toNumber @IsInt() @Min(0) @Max(36_500)
  statsUserDays: number = 400;
}

function AreProxies(): PropertyDecorator {
  return ValidateBy(
    {
      name: 'areProxies',
      validator: {
        validate: (text: unknown) => typeof text === 'string' && (isProxyName(text) || isNetwork(text)),
        defaultMessage: () => 'must list addresses or CIDRs such as 10.0.0.0/8, or loopback, linklocal, uniquelocal',
      },
    },
    { each: true },
  );
}

function IsRate(): PropertyDecorator {
  return Matches(/^(?:0|[1-9]\d{0,6}\/[1-9]\d{0,5})$/, { message: 'must be REQUESTS/SECONDS such as 60/60, or 0 for no limit' });
}
