import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { OutboxFolder } from './outbox-folder.js';

describe('the folder of a service without a mail server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'provost-outbox-'));
  const message = { id: '0193', from: { name: 'Provost', address: 'p@localhost' }, to: 'ada@example.org', subject: 'Hello', text: 'See https://app.example/?token=secret', date: new Date(0) };
  const lines: string[] = [];
  beforeAll(() => Logger.overrideLogger({ log: (line: string) => void lines.push(line), error: () => undefined, warn: () => undefined }));
  afterAll(() => {
    Logger.overrideLogger(true);
    rmSync(folder, { recursive: true });
  });

  it('holds a message once, however often it is sent', async () => {
    await new OutboxFolder(folder).send(message);
    await new OutboxFolder(folder).send(message);
    expect(readdirSync(folder)).toEqual(['0193.eml']);
    expect(readFileSync(join(folder, '0193.eml'), 'utf8')).toMatch(/^Message-ID: <0193@localhost>\r?$/m);
  });

  it('is told of in the log, which neither says whose mail it is nor what it says', () => {
    expect(lines[0]).toContain(join(folder, '0193.eml'));
    expect(lines[0]).toContain('example.org');
    expect(lines.join()).not.toMatch(/ada|secret|token/);
  });
});
