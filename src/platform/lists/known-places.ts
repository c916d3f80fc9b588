import type { Place } from './keyset.js';

/** How far apart the places are that are remembered on the way to a deep page. */
const STEP = 1000;
/** So many steps are gone at most; from further away they are longer. */
const MOST_STEPS = 1000;
/** How long a map is believed, in milliseconds. */
const BELIEVED_MS = 60_000;
const MOST_MAPS = 32;

interface Known {
  readonly place: Place;
  /** How many records stand up to it, itself included. */
  readonly behind: number;
}

interface Map_ {
  readonly at: number;
  readonly known: Known[];
  walking: Promise<void>;
}

/** Finds the last of the next so many records after a place, or from the start; undefined when there are fewer. */
export type Walk = (after: Place | undefined, count: number) => Promise<Place | undefined>;

/**
 * Where in a list some of its records stand, so that a page deep inside is found by walking on from a place near it
 * instead of from the start. What was inserted or removed in the last minute before such a page may shift it by as much.
 */
export class KnownPlaces {
  private readonly maps = new Map<string, Map_>();

  /** @returns a place at or before the record with this number, and how many records are still to be left out after it */
  async near(key: string, offset: number, walk: Walk): Promise<{ after: Place | undefined; skip: number }> {
    if (offset < STEP) return { after: undefined, skip: offset };
    const map = this.mapOf(key);
    // One walks, the others wait for it: most often they want to go the same way.
    await (map.walking = map.walking.catch(() => undefined).then(() => extend(map.known, offset, walk)));
    const nearest = nearestTo(map.known, offset);
    return { after: nearest?.place, skip: offset - (nearest?.behind ?? 0) };
  }

  private mapOf(key: string): Map_ {
    const known = this.maps.get(key);
    if (known && performance.now() - known.at < BELIEVED_MS) return known;
    if (this.maps.size >= MOST_MAPS) this.maps.delete(this.maps.keys().next().value!);
    const map = { at: performance.now(), known: [], walking: Promise.resolve() };
    this.maps.set(key, map);
    return map;
  }
}

/** Walks on from the last known place until the next one would lie behind the offset, or the list ends. */
async function extend(known: Known[], offset: number, walk: Walk): Promise<void> {
  const step = Math.max(STEP, Math.ceil((offset - (known.at(-1)?.behind ?? 0)) / MOST_STEPS));
  for (let last = known.at(-1); (last?.behind ?? 0) + step <= offset; last = known.at(-1)) {
    const place = await walk(last?.place, step);
    if (!place) return;
    known.push({ place, behind: (last?.behind ?? 0) + step });
  }
}

/** The last one that does not lie behind the offset, by halving: they are in order. */
function nearestTo(known: readonly Known[], offset: number): Known | undefined {
  let low = 0;
  let high = known.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (known[middle]!.behind <= offset) low = middle + 1;
    else high = middle;
  }
  return known[low - 1];
}
