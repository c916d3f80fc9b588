import { isMailAddress, onOneLine, senderOf, withoutNames } from './mail-address.js';

describe('mail addresses', () => {
  it.each(['ada@example.org', 'a.b+c@sub.example.org', 'ünï@exämple.org', 'root@localhost', "o'hara@example.org"])('takes %s', (address) => {
    expect(isMailAddress(address)).toBe(true);
  });

  it.each(['ada', '@example.org', 'ada@', 'a b@example.org', 'a@b@c.org', 'a@example.org\n', 'a@example.org\r\nBcc: b@c.org', 'a@example.org,b@c.org', 'Ada <a@example.org>', '"a"@example.org', 'a\u0000@example.org', 'a\u200b@example.org', 'a\u2028@example.org', `${'a'.repeat(65)}@example.org`])('refuses %j', (address) => {
    expect(isMailAddress(address)).toBe(false);
  });

  it('are read from a sender with a name or without', () => {
    expect(senderOf('Kitchen Lab <lab@kitchen.example>')).toEqual({ name: 'Kitchen Lab', address: 'lab@kitchen.example' });
    expect(senderOf('lab@kitchen.example')).toEqual({ name: '', address: 'lab@kitchen.example' });
    for (const wrong of ['', 'Lab', 'Lab <lab>', 'Lab\r\nBcc: x <lab@kitchen.example>', 'Lab <a@b.example> <c@d.example>', 'a@b.example\n']) expect(senderOf(wrong)).toBeUndefined();
  });

  it('lose whose they are in what is logged', () => {
    expect(withoutNames('550 <ada@example.org> unknown, also bob@example.org')).toBe('550 <…@example.org> unknown, also …@example.org');
  });
});

describe('a subject', () => {
  it('is one line of at most 200 characters, whatever is put into it', () => {
    expect(onOneLine(' Hello\r\nBcc: a@b.org\u2028x\u0000y ')).toBe('Hello Bcc: a@b.org x y');
    expect(onOneLine('x'.repeat(500))).toHaveLength(200);
  });
});
