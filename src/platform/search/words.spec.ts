import { embeddedMatch, mysqlMatch, searchWords } from './words.js';

describe('searched words', () => {
  it('are folded, without accents, each once, and none too short or common for MySQL', () => {
    expect(searchWords('The Übung, the übung: a 5 g “crust”!')).toEqual(['zzthe', 'zzubung', 'zza', 'zz5', 'zzg', 'zzcrust']);
  });

  it('are found in scripts without spaces', () => {
    expect(searchWords('日本語を勉強する').length).toBeGreaterThan(2);
    expect(searchWords('ภาษาไทยง่าย').length).toBeGreaterThan(1);
  });

  it('hold nothing that a query language reads', () => {
    for (const match of [mysqlMatch('a-b', '+a* -b "c" (d) ~e @f <g'), embeddedMatch('a-b', '"a" OR b* NOT (c) ^d {e}:f')]) expect(match).not.toMatch(/OR|NOT|[()~@<^{}:-]/);
    expect(mysqlMatch('a', '!!!')).toBeUndefined();
  });

  it('are cut at a length that both engines index', () => {
    expect(searchWords('x'.repeat(500))).toEqual([`zz${'x'.repeat(40)}`]);
  });
});
