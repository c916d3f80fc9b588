const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const VALUES = new Map([...DIGITS].map((digit, value) => [digit.charCodeAt(0), value]));
/** Digits are taken eight at a time, which a plain number still holds exactly: every request with a key comes through here. */
const STEP = 8;
const STEP_VALUE = 62n ** BigInt(STEP);

/** Bytes as base 62, left-padded to the length that the longest value of this many bytes needs: fixed width, sortable. */
export function toBase62(bytes: Uint8Array): string {
  let value = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  let text = '';
  while (value > 0n) {
    text = eightDigits(Number(value % STEP_VALUE)) + text;
    value /= STEP_VALUE;
  }
  const length = base62Length(bytes.length);
  return text.length > length ? text.slice(-length) : text.padStart(length, '0');
}

function eightDigits(value: number): string {
  let rest = value;
  let text = '';
  for (let digit = 0; digit < STEP; digit += 1) {
    text = DIGITS[rest % 62]! + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}

/** The bytes, or undefined when the text is not the canonical form of `length` bytes. */
export function fromBase62(text: string, length: number): Buffer | undefined {
  if (text.length !== base62Length(length)) return undefined;
  let value = 0n;
  let start = 0;
  for (let end = text.length % STEP || STEP; end <= text.length; start = end, end += STEP) {
    const part = numberOf(text, start, end);
    if (part === undefined) return undefined;
    value = value * STEP_VALUE + BigInt(part);
  }
  const hex = value.toString(16);
  return hex.length > length * 2 ? undefined : Buffer.from(hex.padStart(length * 2, '0'), 'hex');
}

function numberOf(text: string, start: number, end: number): number | undefined {
  let value = 0;
  for (let index = start; index < end; index += 1) {
    const digit = VALUES.get(text.charCodeAt(index));
    if (digit === undefined) return undefined;
    value = value * 62 + digit;
  }
  return value;
}

export function base62Length(bytes: number): number {
  return Math.ceil((bytes * 8) / Math.log2(62));
}
