const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Bytes as base 62, left-padded to the length that the longest value of this many bytes needs: fixed width, sortable. */
export function toBase62(bytes: Uint8Array): string {
  let value = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  let text = '';
  while (value > 0n) {
    text = DIGITS[Number(value % 62n)]! + text;
    value /= 62n;
  }
  return text.padStart(base62Length(bytes.length), '0');
}

/** The bytes, or undefined when the text is not the canonical form of `length` bytes. */
export function fromBase62(text: string, length: number): Buffer | undefined {
  if (text.length !== base62Length(length)) return undefined;
  let value = 0n;
  for (const char of text) {
    const digit = DIGITS.indexOf(char);
    if (digit < 0) return undefined;
    value = value * 62n + BigInt(digit);
  }
  const hex = value.toString(16);
  return hex.length > length * 2 ? undefined : Buffer.from(hex.padStart(length * 2, '0'), 'hex');
}

export function base62Length(bytes: number): number {
  return Math.ceil((bytes * 8) / Math.log2(62));
}
