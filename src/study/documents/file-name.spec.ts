import { attachment, safeFileName, titleOf } from './file-name.js';

describe('the name of a file', () => {
  it.each([
    ['../../etc/passwd', 'passwd.pdf'],
    ['..\\..\\windows\\system32\\evil.pdf', 'evil.pdf'],
    ['/abs/olute.PDF', 'olute.pdf'],
    ['in\u0000voice.pdf\u0000.exe', 'invoice.pdf.exe.pdf'],
    ['invoice\u202efdp.exe', 'invoicefdp.exe.pdf'],
    ['a\r\nX-Evil: 1.pdf', 'aX-Evil 1.pdf'],
    ['..', 'document.pdf'],
    ['', 'document.pdf'],
    [undefined, 'document.pdf'],
    ['.htaccess', 'htaccess.pdf'],
    ['CON<>:"|?*.pdf', 'CON.pdf'],
    ['Möbius – Über.pdf', 'Möbius – Über.pdf'],
    ['half \ud83d of one.pdf', 'half of one.pdf'],
  ])('%j becomes %j', (given, safe) => expect(safeFileName(given)).toBe(safe));

  it('has ordinary length, however long it was, and no half characters', () => {
    const name = safeFileName('🦉'.repeat(5000));
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(160);
    expect(name).toMatch(/^🦉+\.pdf$/u);
    expect(safeFileName(`${'a'.repeat(10_000)}.pdf`)).toBe(`${'a'.repeat(150)}.pdf`);
  });

  it('gives a title', () => {
    expect(titleOf('Linear_algebra.pdf')).toBe('Linear algebra');
  });

  it('stands in a header in ASCII and in full', () => {
    expect(attachment('Über "a" 100%.pdf')).toBe(`attachment; filename="Uber _a_ 100_.pdf"; filename*=UTF-8''%C3%9Cber%20%22a%22%20100%25.pdf`);
    expect(attachment('日本語.pdf')).toBe(`attachment; filename="document.pdf"; filename*=UTF-8''%E6%97%A5%E6%9C%AC%E8%AA%9E.pdf`);
    expect(attachment("it's (1)*.pdf")).toContain("filename*=UTF-8''it%27s%20%281%29%2A.pdf");
  });
});
