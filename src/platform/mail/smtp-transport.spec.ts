import { insistsOnTls } from './smtp-transport.js';

describe('mail over a connection that begins in the clear', () => {
  it.each([
    ['smtp://user:secret@mail.example:587', true],
    ['smtp://10.0.0.7:25', true],
    ['smtp://10.0.0.7:25?requireTLS=false', false],
    ['smtp://localhost:25', false],
    ['smtp://127.0.0.1:25', false],
    ['smtp://[::1]:25', false],
    ['smtp://localhost.evil.example:25', true],
    ['smtp://127.0.0.1:25?requireTLS=true', true],
    ['smtps://mail.example:465', false],
  ])('%s: insists on TLS: %s', (url, insists) => {
    expect(insistsOnTls(new URL(url))).toBe(insists);
  });
});
