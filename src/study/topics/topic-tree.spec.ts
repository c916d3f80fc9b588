import { TopicTree } from './topic-tree.js';
import { TopicInsideItself, TopicTooDeep } from './topics.problems.js';

/** `a/b` is b in a. */
const treeOf = (...paths: string[]): TopicTree<{ id: string; parentId: string | null; position: number }> =>
  new TopicTree(paths.map((path, position) => ({ id: path.split('/').at(-1)!, parentId: path.split('/').at(-2) ?? null, position })));

describe('a tree of topics', () => {
  const chain = treeOf('a', 'a/b', 'b/c', 'c/d', 'd/e', 'e/f', 'f/g');

  it('lets nothing lie in itself', () => {
    expect(() => chain.mustFit('a', 'a')).toThrow(TopicInsideItself);
    expect(() => chain.mustFit('b', 'g')).toThrow(TopicInsideItself);
    expect(() => chain.mustFit('g', 'a')).not.toThrow();
  });

  it('is eight deep at most, with all that a topic brings along', () => {
    expect(() => chain.mustFit(undefined, 'g')).not.toThrow();
    const two = treeOf('a', 'a/b', 'b/c', 'c/d', 'd/e', 'e/f', 'f/g', 'x', 'x/y');
    expect(() => two.mustFit('y', 'g')).not.toThrow();
    expect(() => two.mustFit('x', 'g')).toThrow(TopicTooDeep);
  });

  it('orders siblings', () => {
    const tree = treeOf('a', 'b', 'c');
    const ids = (position?: number): string => tree.order(tree.get('a')!, null, position).map(({ id }) => id).join('');
    expect([ids(0), ids(1), ids(2), ids(9), ids()]).toEqual(['abc', 'bac', 'bca', 'bca', 'bca']);
  });
});
