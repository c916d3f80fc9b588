import { weaknessOf } from './password-policy.js';

const WORDS = ['ada.lovelace', 'ada@analytical.example'];
const codeOf = (password: string): string | undefined => weaknessOf(password, WORDS)?.code;

describe('the password policy', () => {
  it.each([
    ['correct horse battery 9', 'several words'],
    ['Gx7!pQ2#mZ9w', 'random characters'],
    ['83920475618234', 'random digits'],
    ['mein Hund heißt Wolke', 'a sentence'],
    ['пароль моей бабушки', 'another script'],
    ['🐘🦒🐫🦏🐍🦅 zoo', 'pictures'],
    ['lovelace-83920475618', 'an own word with enough beside it'],
  ])('takes %s: %s', (password) => {
    expect(codeOf(password)).toBeUndefined();
  });

  it.each([
    ['ada.lovelace', 'own-name'],
    ['ADA@Analytical.Example', 'own-name'],
    ['password', 'common'],
    ['PassWord', 'common'],
    ['password123456!', 'common'],
    ['P@ssw0rd!2026', 'common'],
    ['passwordpassword', 'common'],
    ['123iloveyou123', 'common'],
    ['aaaaaaaaaaaaaaaa', 'repeated'],
    ['xyxyxyxyxyxyxyxy', 'repeated'],
    ['aaaabbbbccccdddd', 'repeated'],
    ['123456789012345', 'sequential'],
    ['qwertyuiopasdfgh', 'sequential'],
    ['zyxwvutsrqponm', 'sequential'],
    ['abcd1234efgh', 'sequential'],
    ['lkjhgfdsa098765', 'sequential'],
    ['AdaLovelace2026', 'own-words'],
    ['lovelace-lovelace', 'own-words'],
    ['provost-1990!!', 'own-words'],
    ['analytical.12345', 'own-words'],
  ])('refuses %s as %s', (password, code) => {
    expect(codeOf(password)).toBe(code);
  });

  it('says what to change', () => {
    expect(weaknessOf('password', WORDS)?.detail).toMatch(/Choose another/);
  });
});
