/** What a tenth of them are below: what else runs on the machine makes requests slower, never faster. */
export function lowestTenth(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 10)]!;
}
