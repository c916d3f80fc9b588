export const PLOT_KINDS = ['main-effects', 'interaction', 'contour', 'surface', 'residuals', 'predicted', 'half-normal', 'pareto'] as const;
export type PlotKind = (typeof PLOT_KINDS)[number];

/** What a plot shows, as plain data: from it the picture is drawn, and a client can draw its own. */
export interface Plot {
  readonly kind: PlotKind;
  readonly title: string;
  /** In words, for those who do not see the picture. */
  readonly description: string;
  /** What has to be known to read it, such as where the other factors are held. */
  readonly notes: readonly string[];
  readonly legend: PlotLegend | null;
  /** One for most kinds, one a factor for main effects. */
  readonly panels: readonly Panel[];
}

export interface PlotLegend {
  readonly title: string;
  /** Series name their entry by `key`. */
  readonly entries: readonly string[];
}

export interface Panel {
  readonly x: PlotAxis;
  readonly y: PlotAxis;
  readonly series: readonly Series[];
  /** Of contours and surfaces: predictions on a grid. */
  readonly grid: PlotGrid | null;
}

export interface PlotAxis {
  readonly name: string;
  readonly unit: string | null;
  /** Of a numeric axis. */
  readonly domain: readonly [number, number] | null;
  /** Whether its numbers count something, so that there is nothing between them. */
  readonly counts?: boolean;
  /** Of an axis of names: points give the place among these, from 0 on. */
  readonly categories: readonly string[] | null;
}

/** `rule` is a straight line across the panel, `guide` one that helps the eye, `intervals` are bars from lower to upper, `bars` lie along the x axis. */
export type SeriesType = 'line' | 'guide' | 'band' | 'intervals' | 'points' | 'bars' | 'rule';

export interface Series {
  readonly type: SeriesType;
  readonly name: string;
  /** Its entry in the legend. */
  readonly key?: string;
  readonly points: readonly PlotPoint[];
}

export interface PlotPoint {
  readonly x?: number;
  readonly y?: number;
  readonly lower?: number;
  readonly upper?: number;
  readonly label?: string;
}

/** Rows go with y, columns with x. */
export interface PlotGrid {
  readonly name: string;
  readonly unit: string | null;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly values: readonly (readonly number[])[];
  /** How far the leverage of the point is above that of every run, as a share: positive means extrapolated. */
  readonly beyond: readonly (readonly number[])[];
  /** Positive where the settings are possible; negative where shares of a mixture would not add up to 1. */
  readonly possible: readonly (readonly number[])[];
}
