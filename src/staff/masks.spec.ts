import { maskedAddress, maskedIp, maskedLogin } from './masks.js';

describe('What a viewer sees', () => {
  it('of an address is the first letter, the first of its domain, and where it ends', () => {
    expect(maskedAddress('ada@example.org')).toBe('a***@e***.org');
    expect(maskedAddress('a@mail.example.co.uk')).toBe('a***@m***.uk');
    expect(maskedAddress('🦊fox@füchse.example')).toBe('🦊***@f***.example');
  });

  it('of a network address is its first half, or the first two groups', () => {
    expect(maskedIp('203.0.113.9')).toBe('203.0.x.x');
    expect(maskedIp('::ffff:203.0.113.9')).toBe('203.0.x.x');
    expect(maskedIp('2001:db8:1:2::9')).toBe('2001:db8:x:x');
    expect(maskedIp('::1')).toBe('::x:x');
  });

  it('of a name that was typed is the name, unless it is an address', () => {
    expect(maskedLogin('ada')).toBe('ada');
    expect(maskedLogin('ada@example.org')).toBe('a***@e***.org');
  });
});
