import { add, divide, fromDecimal, fromNumber, multiply, power, squareRoot, subtract, toNumber } from './double-double.js';
import { DoubleDoubleQr } from './double-double-qr.js';
import { DoubleDoubleVector } from './double-double-vector.js';

describe('double-double', () => {
  it('keeps what a double loses', () => {
    const sum = add(fromNumber(1), fromNumber(1e-25));
    expect(toNumber(subtract(sum, fromNumber(1)))).toBe(1e-25);
  });

  it('reads decimals as what was written', () => {
    const error = subtract(divide(fromDecimal(0.3), fromDecimal(0.1)), fromNumber(3));
    expect(Math.abs(toNumber(error))).toBeLessThan(1e-31);
    expect(toNumber(fromDecimal(-6.860120914e-7))).toBe(-6.860120914e-7);
    expect(toNumber(fromDecimal(1.7976931348623157e300))).toBe(1.7976931348623157e300);
    expect(toNumber(fromDecimal(123456789012345680))).toBe(123456789012345680);
  });

  it('takes roots and powers to 30 digits', () => {
    const root = squareRoot(fromNumber(2));
    expect(Math.abs(toNumber(subtract(multiply(root, root), fromNumber(2))))).toBeLessThan(1e-31);
    expect(toNumber(subtract(power(root, 4), fromNumber(4)))).toBeCloseTo(0, 30);
  });
});

describe('its QR', () => {
  it('solves the Hilbert matrix of order 8, which costs doubles ten digits, to all of them', () => {
    const columns = Array.from({ length: 8 }, (_, j) => DoubleDoubleVector.of(Array.from({ length: 8 }, (_, i) => divide(fromNumber(1), fromNumber(i + j + 1)))));
    const y = new DoubleDoubleVector(8);
    columns.forEach((column) => y.addMultiple(fromNumber(1), column));
    const qr = new DoubleDoubleQr(columns);
    for (const value of qr.coefficients(qr.effects(y))) expect(Math.abs(toNumber(value) - 1)).toBeLessThan(1e-15);
  });

  it('takes at most 10 ms for 82 runs and 11 terms', () => {
    const columns = Array.from({ length: 11 }, (_, j) => DoubleDoubleVector.of(Array.from({ length: 82 }, (_, i) => power(fromDecimal(i / 100 - 0.4), j))));
    const solve = (): number => {
      const started = performance.now();
      const qr = new DoubleDoubleQr(columns);
      qr.coefficients(qr.effects(columns[3]!));
      return performance.now() - started;
    };
    expect(Math.min(...Array.from({ length: 20 }, solve))).toBeLessThan(10);
  });
});
