import { Test } from '@nestjs/testing';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import supertest from 'supertest';
import { EntityManager } from 'typeorm';
import type { Permission, StaffLevel } from '../../src/access/permission.js';
import { AdminsService } from '../../src/admin/admins.service.js';
import { ServiceKeysService } from '../../src/api-keys/service-keys.service.js';
import { AppModule } from '../../src/app.module.js';
import { configure } from '../../src/app.setup.js';
import { SYSTEM } from '../../src/audit/audit.service.js';
import { COMPUTE_WORKER } from '../../src/experiments/computing/compute.js';
import { Clock } from '../../src/platform/clock/clock.js';
import { settingsFrom } from '../../src/platform/config/load-settings.js';
import type { Settings } from '../../src/platform/config/settings.js';
import { fastifyAdapter } from '../../src/platform/http/fastify.js';
import { STUDY_WORKER } from '../../src/study/computing/study-compute.js';
import { StaffService } from '../../src/staff/staff.service.js';
import { KOREADER_PROCESS } from '../../src/study/transfer/koreader-reader.js';
import { NameResolver } from '../../src/webhooks/target/name-resolver.js';
import { FixedClock } from './fixed-clock.js';
import { FixedNames } from './fixed-names.js';
import { migratedDatabase } from './migrated-database.js';
import type { Scratch } from './scratch-database.js';

/** Worker threads load built files; `npm test` builds before it runs. */
const BUILT_WORKER = new URL('../../dist/experiments/computing/compute-worker.js', import.meta.url);
const BUILT_STUDY_WORKER = new URL('../../dist/study/computing/study-worker.js', import.meta.url);
const BUILT_READER = new URL('../../dist/study/transfer/koreader-process.js', import.meta.url);

export const PASSWORD = 'correct horse battery 9';

/** The whole service on a real database and a real port, with a clock that the test moves. */
export class Api {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly settings: Settings,
    readonly clock: FixedClock,
    readonly url: string,
    private readonly scratch: Scratch,
  ) {}

  static async start(overrides: Partial<Settings> = {}, clock = new FixedClock()): Promise<Api> {
    const scratch = await migratedDatabase();
    const settings = settingsFrom({}, { ...FAST, ...scratch.settings, ...overrides });
    const module = await Test.createTestingModule({ imports: [AppModule.with(settings)] }).overrideProvider(Clock).useValue(clock).overrideProvider(COMPUTE_WORKER).useValue(BUILT_WORKER).overrideProvider(STUDY_WORKER).useValue(BUILT_STUDY_WORKER).overrideProvider(KOREADER_PROCESS).useValue(BUILT_READER).overrideProvider(NameResolver).useValue(new FixedNames()).compile();
    const app = module.createNestApplication<NestFastifyApplication>(fastifyAdapter(settings), { logger: false, bodyParser: false });
    configure(app, settings, pino({ level: 'silent' }));
    await app.listen(0, '127.0.0.1');
    return new Api(app, settings, clock, await app.getUrl(), scratch);
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.scratch.drop();
  }

  get db(): EntityManager {
    return this.app.get(EntityManager);
  }

  /** What webhooks' targets resolve to. */
  get names(): FixedNames {
    return this.app.get(NameResolver);
  }

  /** A caller without credentials. */
  get anyone(): Caller {
    return new Caller(this.url);
  }

  with(credential: string): Caller {
    return new Caller(this.url, credential);
  }

  /** A freshly registered user, signed in. */
  async signedIn(): Promise<SignedInCaller> {
    const username = uniqueName();
    const registration = { username, email: `${username}@example.org`, password: PASSWORD };
    await this.anyone.post('/auth/register', registration).expect(201);
    const { body } = await this.anyone.post('/auth/login', { login: username, password: PASSWORD }).expect(200);
    return new SignedInCaller(this.url, body as SignedInBody);
  }

  /** A caller with a new API key of this user, with all scopes unless they are given. */
  async withKey(user: SignedInCaller, request: object = {}): Promise<KeyCaller> {
    const { body } = await user.post('/users/me/api-keys', { name: 'test', ...request }).expect(201);
    return new KeyCaller(this.url, body.key as string, body.apiKey.id as string);
  }

  /** A new admin, signed in and past the change of the one-time password. */
  async admin(): Promise<SignedInCaller> {
    const username = uniqueName('admin');
    const { password } = await this.app.get(AdminsService).create(username);
    return this.pastFirstSignIn('admin', username, password);
  }

  /** A new staff member of this level, signed in and past the change of the one-time password. */
  async staff(level: StaffLevel): Promise<SignedInCaller> {
    const username = uniqueName('staff');
    const password = await this.app.get(StaffService).create(SYSTEM, { username, email: `${username}@example.org`, level }, (_, given) => ({ given })).then(({ given }) => given);
    return this.pastFirstSignIn('staff', username, password);
  }

  private async pastFirstSignIn(kind: 'admin' | 'staff', username: string, password: string): Promise<SignedInCaller> {
    const { body } = await this.anyone.post(`/${kind}/auth/login`, { username, password }).expect(200);
    const change = { currentPassword: password, newPassword: PASSWORD };
    const { body: signedIn } = await this.with((body as SignedInBody).accessToken).post(`/${kind}/auth/password/change`, change).expect(200);
    return new SignedInCaller(this.url, signedIn as SignedInBody);
  }

  /** A caller with a service key. */
  async serviceKey(...scopes: Permission[]): Promise<KeyCaller> {
    const { apiKey, key } = await this.app.get(ServiceKeysService).create(SYSTEM, { name: 'test', scopes }, (issued) => issued);
    return new KeyCaller(this.url, key, apiKey.id);
  }
}

/** Everybody in a test calls from one network. */
const UNLIMITED: Partial<Settings> = { rateLimitSignIn: '0', rateLimitRegistration: '0', rateLimitPublic: '0', rateLimitWrongCredentials: '0' };
/** Cheap hashing and no background work: what a test needs to happen, it makes happen. */
const FAST: Partial<Settings> = { ...UNLIMITED, host: '127.0.0.1', port: 0, argon2MemoryKib: 64, argon2Passes: 1, jobsEnabled: false, firstAdmin: false, logLevel: 'silent' };

/** Sends requests as somebody. Paths below /api/v1 are given without it. */
export class Caller {
  constructor(
    private readonly url: string,
    readonly credential?: string,
  ) {}

  get(path: string): supertest.Test {
    return this.send('get', path);
  }

  post(path: string, body?: object): supertest.Test {
    return this.send('post', path, body);
  }

  put(path: string, body?: object): supertest.Test {
    return this.send('put', path, body);
  }

  patch(path: string, body?: object): supertest.Test {
    return this.send('patch', path, body);
  }

  delete(path: string, body?: object): supertest.Test {
    return this.send('delete', path, body);
  }

  private send(method: 'get' | 'post' | 'put' | 'patch' | 'delete', path: string, body?: object): supertest.Test {
    const outside = /^\/(?:health|metrics|docs|\.well-known)/.test(path);
    const request = supertest(this.url)[method](outside ? path : `/api/v1${path}`);
    if (this.credential) void request.set('authorization', `Bearer ${this.credential}`);
    return body === undefined ? request : request.send(body);
  }
}

interface SignedInBody {
  accessToken: string;
  refreshToken: string;
  user: { id: string; username: string; email: string };
}

export class SignedInCaller extends Caller {
  readonly user: SignedInBody['user'];
  readonly accessToken: string;
  readonly refreshToken: string;

  constructor(url: string, { accessToken, refreshToken, user }: SignedInBody) {
    super(url, accessToken);
    this.user = user;
    this.accessToken = accessToken;
    this.refreshToken = refreshToken;
  }
}

export class KeyCaller extends Caller {
  constructor(
    url: string,
    readonly key: string,
    readonly keyId: string,
  ) {
    super(url, key);
  }
}

/** A name nobody else in this run has. */
export function uniqueName(prefix = 'user'): string {
  return `${prefix}-${randomBytes(5).toString('hex')}`;
}
