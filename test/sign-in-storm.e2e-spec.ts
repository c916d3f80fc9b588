import { readFileSync } from 'node:fs';
import { BuiltService, environmentOf } from './support/built.js';
import { type Scratch, scratchDatabase } from './support/scratch-database.js';

const QUEUED = 1000;
const BEYOND = 60;

/** Hashing at its real cost in a process of its own: each hash under way takes 19 MiB, those that wait take next to nothing. */
describe('a storm of sign-ins', () => {
  let scratch: Scratch;
  let service: BuiltService;

  beforeAll(async () => {
    scratch = await scratchDatabase();
    service = await BuiltService.start({ ...environmentOf(scratch), ARGON2_MEMORY_KIB: '19456', ARGON2_PASSES: '2', SIGN_IN_FAILURES_PER_NETWORK: '100000', DATABASE_TIMEOUT_MS: '30000' });
  });

  afterAll(async () => {
    await service.stop();
    await scratch.drop();
  });

  const signIn = async (login: string): Promise<number> => {
    const answer = await fetch(`${service.url}/api/v1/auth/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ login, password: 'not the password 17' }) });
    await answer.arrayBuffer();
    if (answer.status === 503) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    return answer.status;
  };

  it('queues a thousand within bounded memory, answers the rest 503, and goes on serving others', async () => {
    await signIn('warm-up');
    const idle = peakMegabytes(service.pid);
    const started = performance.now();
    const storm = Promise.all(Array.from({ length: QUEUED + BEYOND }, (_, i) => signIn(`nobody-${i}`)));
    await fetch(`${service.url}/health/live`);
    const aside = performance.now();
    expect((await fetch(`${service.url}/health/live`)).status).toBe(200);
    const asideMs = performance.now() - aside;
    const statuses = await storm;
    const seconds = (performance.now() - started) / 1000;
    const [tried, refused] = [401, 503].map((status) => statuses.filter((each) => each === status).length) as [number, number];
    const peak = peakMegabytes(service.pid);
    process.stdout.write(`${QUEUED + BEYOND} sign-ins at once: ${tried} tried in ${seconds.toFixed(1)} s, ${refused} answered 503; peak RSS ${idle} -> ${peak} MiB; another request meanwhile took ${asideMs.toFixed(0)} ms\n`);
    expect(tried + refused).toBe(QUEUED + BEYOND);
    expect(refused).toBeGreaterThan(0);
    expect(tried).toBeGreaterThanOrEqual(QUEUED);
    expect(peak - idle).toBeLessThan(150);
    expect(asideMs).toBeLessThan(2000);
  }, 180_000);
});

/** The most memory the process has had so far. */
function peakMegabytes(pid: number): number {
  return Math.round(Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024);
}
