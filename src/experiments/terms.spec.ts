import type { Factor } from './factors.js';
import { modelMatrix, modelOf } from './model-matrix.js';
import { parseTerm, parseTerms, presetTerms, termOrder, termText } from './terms.js';

const A: Factor = { name: 'A', kind: 'continuous', low: 0, high: 1 };
const B: Factor = { name: 'B', kind: 'discrete', levels: [1, 2] };
const C: Factor = { name: 'C', kind: 'categorical', levels: ['x', 'y', 'z'] };
const components: Factor[] = ['p', 'q', 'r'].map((name) => ({ name, kind: 'mixture' }));

describe('terms', () => {
  it('are read from their text form and written back', () => {
    const texts = ['1', 'A', 'A:B', 'A^2', 'A^2:B', 'A:B:C'];
    expect(parseTerms(texts, [A, B, C]).map(termText)).toEqual(texts);
    expect(termText(parseTerm('A:A', [A]))).toBe('A^2');
    expect(termOrder(parseTerm('A^2:B', [A, B]))).toBe(3);
  });

  it.each([['unknown-factor', 'D'], ['unknown-factor', ''], ['unknown-factor', 'A::B'], ['power', 'A^0'], ['power', 'A^2^3'], ['power', 'A^1.5'], ['power', 'C^2'], ['power', 'A^99'], ['power', 'C:C']])('are refused as term-%s: %p', (code, text) => {
    expect(() => parseTerm(text, [A, B, C])).toThrow(expect.objectContaining({ code: `experiments.term-${code}` }));
  });

  it('stand in a model once', () => {
    expect(() => parseTerms(['A:B', 'B:A'], [A, B])).toThrow(expect.objectContaining({ code: 'experiments.term-repeated' }));
  });

  it('come as presets; a factor of two levels has no square', () => {
    expect(presetTerms('quadratic', [A, B]).map(termText)).toEqual(['1', 'A', 'B', 'A:B', 'A^2']);
    expect(presetTerms('scheffe-special-cubic', components).map(termText)).toEqual(['p', 'q', 'r', 'p:q', 'p:r', 'q:r', 'p:q:r']);
    expect(presetTerms('scheffe-linear', [...components, A]).map(termText)).toEqual(['p', 'q', 'r', 'p:A', 'q:A', 'r:A']);
  });

  it('with an intercept are refused for mixtures', () => {
    expect(() => presetTerms('linear', components)).toThrow(expect.objectContaining({ code: 'experiments.term-preset' }));
  });
});

describe('the model matrix', () => {
  it('has a column for every level but one of a categorical factor', () => {
    const terms = parseTerms(['1', 'A', 'C', 'A:C'], [A, C]);
    const model = modelOf([A, C], terms);
    expect(model.columns.map(({ name }) => name)).toEqual(['1', 'A', 'C[y]', 'C[z]', 'A:C[y]', 'A:C[z]']);
    expect(modelMatrix(model, [[0.5, 'x'], [0.5, 'z']])).toEqual([[1, 0.5, 0, 0, 0, 0], [1, 0.5, 0, 1, 0, 0.5]]);
    expect(modelMatrix(modelOf([A, C], terms, 'sum'), [[0.5, 'z']])).toEqual([[1, 0.5, -1, -1, -0.5, -0.5]]);
  });

  it('never holds NaN', () => {
    const model = modelOf([A, C], parseTerms(['A', 'C'], [A, C]));
    expect(() => modelMatrix(model, [[NaN, 'x']])).toThrow(expect.objectContaining({ code: 'experiments.setting-not-finite' }));
    expect(() => modelMatrix(model, [[1, 'w']])).toThrow(expect.objectContaining({ code: 'experiments.setting-not-finite' }));
  });
});
