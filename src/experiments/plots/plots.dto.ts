import { Transform, Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsInt, IsNumber, IsOptional, IsUUID, Length, Max, Min } from 'class-validator';
import { PLOT_KINDS, type PlotKind, type SeriesType } from './plot.js';
import { AGAINST, type Against } from './plot-source.js';

const listOf = Transform(({ value }: { value: unknown }) => (value === undefined || Array.isArray(value) ? value : [value]));

export class PlotNumbersQueryDto {
  /** The model to plot; without it the newest of the experiment, or of `response`. */
  @IsOptional() @IsUUID()
  model?: string;

  /** Name or id of a response: its newest model is plotted. Not together with `model`. */
  @IsOptional() @Length(1, 64)
  response?: string;

  /** The factor along x, for interaction, contour and surface; without it one of the two that interact most. */
  @IsOptional() @Length(1, 64)
  x?: string;

  /** The other factor: along y, or one line for each of its levels. */
  @IsOptional() @Length(1, 64)
  y?: string;

  /** Where a factor that is not varied is held, once for each: `at=Temperature=70`. Others stand at their centre or first level. */
  @IsOptional() @listOf @IsArray() @ArrayMaxSize(64) @Length(3, 200, { each: true })
  at: string[] = [];

  /** What residuals are shown against. */
  @IsOptional() @IsIn(AGAINST)
  against: Against = 'fitted';

  /** Of confidence intervals and of Lenth's margins. */
  @IsOptional() @Type(() => Number) @IsNumber() @Min(0.5) @Max(0.999)
  level: number = 0.95;
}

export class PlotQueryDto extends PlotNumbersQueryDto {
  /** In pixels. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(480) @Max(2400)
  width?: number;

  /** In pixels; the picture is higher where it would be unreadable otherwise. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(360) @Max(2400)
  height?: number;
}

export class PlotAxisDto {
  name!: string;
  unit!: string | null;
  /** From where to where, of an axis of numbers. */
  domain!: number[] | null;
  /** Of an axis of names: points give the place among them, from 0 on. */
  categories!: string[] | null;
}

export class PlotPointDto {
  x?: number;
  y?: number;
  lower?: number;
  upper?: number;
  label?: string;
}

export class PlotSeriesDto {
  type!: SeriesType;
  name!: string;
  /** Its entry in the legend. */
  key?: string;
  points!: PlotPointDto[];
}

/** Predictions on a grid: rows go with y, columns with x. */
export class PlotGridDto {
  x!: number[];
  y!: number[];
  values!: number[][];
  /** How far the leverage is above that of every run, as a share: positive means extrapolated. */
  beyond!: number[][];
  /** Negative where such settings are impossible. */
  possible!: number[][];
}

export class PlotPanelDto {
  x!: PlotAxisDto;
  y!: PlotAxisDto;
  series!: PlotSeriesDto[];
  grid!: PlotGridDto | null;
}

export class PlotLegendDto {
  title!: string;
  entries!: string[];
}

/** What a plot shows, in words and numbers. */
export class PlotDto {
  kind!: PlotKind;
  title!: string;
  description!: string;
  /** What has to be known to read it. */
  notes!: string[];
  legend!: PlotLegendDto | null;
  panels!: PlotPanelDto[];
}

export const KIND_PARAM = { name: 'kind', enum: PLOT_KINDS };
