import { Refused, Unreachable } from '../src/platform/mail/mail-transport.js';
import { SmtpTransport } from '../src/platform/mail/smtp-transport.js';
import { SmtpServer } from './support/smtp.js';

describe('what a mail server says', () => {
  let server: SmtpServer;
  beforeAll(async () => {
    server = await SmtpServer.start();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    await server.answer('accept');
    await server.forget();
  });

  const message = { id: '0193', from: { name: 'Lab', address: 'lab@kitchen.example' }, to: 'ada@example.org', subject: 'Hello', text: 'Text.', date: new Date(0) };
  const send = (url = server.url) => new SmtpTransport(url).send(message);

  it('is final when it refuses the message, and not when it asks to come again', async () => {
    await server.answer('refuse');
    await expect(send()).rejects.toThrow(Refused);
    await server.answer('defer');
    await expect(send()).rejects.not.toBeInstanceOf(Refused);
  });

  it('is for the operator to mend when it refuses our password: no mail is given up for that', async () => {
    await server.answer('lock');
    await expect(send(server.url.replace('//', '//lab:wrong@'))).rejects.toThrow(Unreachable);
    await server.answer('accept');
    await send(server.url.replace('//', '//lab:right@'));
    expect(await server.received()).toHaveLength(1);
  });

  it('is not listened to without TLS where TLS is demanded: nothing leaves', async () => {
    await expect(send(`${server.url}?requireTLS=true`)).rejects.toThrow(Unreachable);
    expect(await server.attempts()).toBe(0);
  });
});
