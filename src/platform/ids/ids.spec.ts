import { base62Length, fromBase62, toBase62 } from './base62.js';
import { isId, newId } from './ids.js';

describe('ids', () => {
  it('are unique and in order of their making, also within one millisecond', () => {
    const ids = Array.from({ length: 200_000 }, newId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id, index) => index === 0 || ids[index - 1]! < id)).toBe(true);
  });

  it('are UUIDs of version 7', () => {
    const id = newId();
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(isId(id)).toBe(true);
  });

  it('are told from what is none', () => {
    for (const text of ['', 'x', newId().toUpperCase(), `${newId()} `, newId().replaceAll('-', ''), 7, null, {}]) expect(isId(text)).toBe(false);
  });
});

describe('base 62', () => {
  it('gives back the bytes it was made from, leading zeros too', () => {
    for (const bytes of [Buffer.from([0, 0, 1]), Buffer.alloc(16), Buffer.alloc(16, 0xff), Buffer.from('6162636465666768696a6b6c', 'hex')]) {
      const text = toBase62(bytes);
      expect(text).toHaveLength(base62Length(bytes.length));
      expect(fromBase62(text, bytes.length)).toEqual(bytes);
    }
  });

  it('sorts as the bytes do', () => {
    const bytes = [0, 1, 61, 62, 255, 256, 65_535].map((value) => Buffer.from(value.toString(16).padStart(8, '0'), 'hex'));
    const texts = bytes.map(toBase62);
    expect([...texts].sort()).toEqual(texts);
  });

  it('refuses another length, foreign characters and values too big for the bytes', () => {
    const text = toBase62(Buffer.alloc(16, 7));
    for (const wrong of ['', text.slice(1), `0${text}`, `-${text.slice(1)}`, `é${text.slice(1)}`, 'z'.repeat(text.length)]) expect(fromBase62(wrong, 16)).toBeUndefined();
  });
});
