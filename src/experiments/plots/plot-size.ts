import type { Plot } from './plot.js';

/** Of a panel of main effects, with its axes. */
const NARROWEST = 230;
const LOWEST = 160;
/** Title, notes and axes. */
const AROUND = 170;
const BAR = 15;

/** The size asked for, else one that suits the plot; never lower than its panels and bars can be read at. */
export function sizeFor({ panels }: Plot, width: number | null, height: number | null): { width: number; height: number } {
  const across = width ?? 860;
  const rows = Math.ceil(panels.length / Math.max(1, Math.floor(across / NARROWEST)));
  const bars = Math.max(...panels.map(({ y }) => y.categories?.length ?? 0));
  const least = AROUND + Math.max(panels.length > 1 ? rows * LOWEST : 0, bars * BAR);
  return { width: across, height: Math.max(height ?? 560, least) };
}
