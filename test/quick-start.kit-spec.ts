import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const LINKED = ['src', 'scripts', 'package.json', 'tsconfig.json', 'tsconfig.build.json', 'nest-cli.json'];

describe('quick_start.sh', () => {
  let folder: string;
  let programs: string;

  /** A copy of the repository whose npm does nothing: `npm ci` would empty the node_modules that the copy is linked to. */
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'quick-start-'));
    for (const name of LINKED) symlinkSync(resolve(name), join(folder, name));
    for (const name of ['quick_start.sh', '.env.example', 'package-lock.json']) copyFileSync(name, join(folder, name));
    programs = join(folder, 'programs');
    mkdirSync(programs);
    program('npm', 'echo "npm $*" >>"$(dirname "$0")/npm-was-called"; exit 1');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function program(name: string, script: string): void {
    writeFileSync(join(programs, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(programs, name), 0o755);
  }

  function isInstalledAndBuilt(): void {
    symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
    cpSync('dist', join(folder, 'dist'), { recursive: true });
    // What lies in the repository may have been checked out after it was built.
    utimesSync(join(folder, 'dist/main.js'), new Date('2100-01-01'), new Date('2100-01-01'));
  }

  function quickStart(...args: string[]): { code: number | null; stdout: string; stderr: string } {
    const PATH = [programs, dirname(process.execPath), process.env.PATH].join(':');
    const { status, stdout, stderr } = spawnSync(join(folder, 'quick_start.sh'), args, { cwd: tmpdir(), env: { PATH, HOME: folder }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    return { code: status, stdout, stderr };
  }

  /** Whatever it might overwrite. */
  const made = (): string[] => ['.env', 'data/keys/master.key'].map((file) => readFileSync(join(folder, file), 'utf8'));

  it('makes settings and keys and tries everything out; the second time it finds them and leaves them as they are', () => {
    isInstalledAndBuilt();
    const first = quickStart();
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toContain('The main job works');
    expect(first.stdout).toMatch(/password {5}\S{22} /);
    expect(statSync(join(folder, '.env')).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'data/keys/master.key')).mode & 0o777).toBe(0o600);
    const [settings, key] = made();
    writeFileSync(join(folder, '.env'), `${settings}\nPORT=4100\n`);

    const second = quickStart();
    expect(second).toMatchObject({ code: 0, stderr: '' });
    expect(second.stdout).toContain('http://127.0.0.1:4100/docs');
    expect(second.stdout).not.toContain('password ');
    expect(made()).toEqual([`${settings}\nPORT=4100\n`, key]);
    expect(existsSync(join(programs, 'npm-was-called'))).toBe(false);
    // Four starts, each with migrations or a check of them.
  }, 240_000);

  it('says what to do without a Node.js that is new enough, and makes nothing', () => {
    program('node', 'echo v20.18.3');
    const { code, stderr } = quickStart();
    expect(code).toBe(3);
    expect(stderr).toMatch(/20\.19 or later is needed; \S+ is v20\.18\.3\. Install/);
    expect(existsSync(join(folder, '.env'))).toBe(false);
  });

  it('does not install through a link, which would empty the folder that it leads to', () => {
    symlinkSync(mkdtempSync(join(folder, 'elsewhere-')), join(folder, 'node_modules'));
    expect(quickStart()).toMatchObject({ code: 1, stderr: expect.stringContaining('node_modules is a link') as string });
    expect(existsSync(join(programs, 'npm-was-called'))).toBe(false);
  });

  it('explains itself, and refuses what it does not know', () => {
    expect(quickStart('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('Usage') as string });
    expect(quickStart('--fast').code).toBe(2);
  });
});
