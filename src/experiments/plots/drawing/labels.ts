import type { Box } from './frame.js';
import { textWidth } from './text-size.js';

export interface Labelled {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

export interface PlacedLabel extends Labelled {
  readonly align: 'left' | 'right' | 'center';
}

const SIZE = 11;
const HEIGHT = 13;
const GAP = 7;

/** Puts each label beside its point where nothing else stands; those for which there is no room are left out. */
export function placeLabels(labels: readonly Labelled[], obstacles: readonly { x: number; y: number }[], { width, height }: Pick<Box, 'width' | 'height'>): PlacedLabel[] {
  const taken: Box[] = obstacles.map(({ x, y }) => ({ x: x - 4, y: y - 4, width: 8, height: 8 }));
  return labels.flatMap((label) => {
    const free = candidates(label).find(({ box }) => inside(box, width, height) && !taken.some((other) => overlap(box, other)));
    if (!free) return [];
    taken.push(free.box);
    return [free.placed];
  });
}

function candidates(label: Labelled): { placed: PlacedLabel; box: Box }[] {
  const { x, y, text } = label;
  const width = textWidth(text, SIZE);
  return [
    { placed: { ...label, x: x + GAP, align: 'left' as const }, box: { x: x + GAP, y: y - HEIGHT / 2, width, height: HEIGHT } },
    { placed: { ...label, x: x - GAP, align: 'right' as const }, box: { x: x - GAP - width, y: y - HEIGHT / 2, width, height: HEIGHT } },
    { placed: { ...label, y: y - GAP - 5, align: 'center' as const }, box: { x: x - width / 2, y: y - GAP - 5 - HEIGHT / 2, width, height: HEIGHT } },
    { placed: { ...label, y: y + GAP + 5, align: 'center' as const }, box: { x: x - width / 2, y: y + GAP + 5 - HEIGHT / 2, width, height: HEIGHT } },
  ];
}

function inside({ x, y, width, height }: Box, totalWidth: number, totalHeight: number): boolean {
  return x >= 0 && y >= 0 && x + width <= totalWidth && y + height <= totalHeight;
}

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
