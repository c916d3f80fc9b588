/** After Okabe and Ito (2008), darkened so that each stands out on white at 3:1 or better; shapes and dashes tell the same. */
export const COLOURS = ['#0072b2', '#c8500a', '#007a5a', '#9a4c86', '#6b5b00', '#333333', '#1f5fd0', '#8b1a1a'] as const;
export const DASHES: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [9, 3, 2, 3], [12, 4], [4, 2], [1, 4], [6, 2, 2, 2]];
export const SHAPES = ['circle', 'square', 'triangle-up', 'diamond', 'triangle-down', 'cross', 'triangle-right', 'triangle-left'] as const;

export const INK = '#1a1a1a';
export const QUIET = '#595959';
export const GRID = '#e4e4e4';

export const colourOf = (index: number): string => COLOURS[index % COLOURS.length]!;
export const dashOf = (index: number): number[] => [...DASHES[index % DASHES.length]!];
export const shapeOf = (index: number): string => SHAPES[index % SHAPES.length]!;
