import { hyperParameters, momentsOf } from '../src/study/estimates/hyper-parameters.js';
import { logPace, type PacePrior, paceAfter, secondsInOneSession, secondsLeft, type Span, START } from '../src/study/estimates/pace-model.js';
import { syntheticReaders, type SyntheticSession } from './support/synthetic-readers.js';

const READERS = 400;
const SESSIONS = 30;
const A_SESSION = 5000;

const readers = (population: PacePrior, seed: number, drift = 0): SyntheticSession[][] => syntheticReaders(population, seed, { readers: READERS, sessions: SESSIONS, drift });

interface Figures {
  /** The share of outcomes within their interval. */
  readonly coverage: number;
  /** Root mean square of the logarithm of what came over what was expected. */
  readonly error: number;
}

function judged(outcomes: readonly { span: Span; seconds: number }[]): Figures {
  const covered = outcomes.filter(({ span, seconds }) => span.low <= seconds && seconds <= span.high).length;
  const squares = outcomes.reduce((sum, { span, seconds }) => sum + Math.log(seconds / span.expected) ** 2, 0);
  return { coverage: covered / outcomes.length, error: Math.sqrt(squares / outcomes.length) };
}

/** Before each session, from those before it. */
function replayed(sessions: readonly SyntheticSession[], prior: PacePrior): { span: Span; seconds: number }[] {
  return sessions.map(({ units, ms }, number) => {
    const before = sessions.slice(0, number).reverse().map(logPace);
    return { span: secondsInOneSession(units, paceAfter(before, prior)), seconds: ms / 1000 };
  });
}

/** What is left of a document that is as long as all sessions together, before each of them. */
function documentsLeft(sessions: readonly SyntheticSession[], prior: PacePrior): { span: Span; seconds: number }[] {
  return sessions.map((_, number) => {
    const [before, after] = [sessions.slice(0, number), sessions.slice(number)];
    const units = after.reduce((sum, each) => sum + each.units, 0);
    return { span: secondsLeft(units, A_SESSION, paceAfter(before.reverse().map(logPace), prior)), seconds: after.reduce((sum, { ms }) => sum + ms / 1000, 0) };
  });
}

/** The mean of a reader's own paces, and that of all readers before the first. */
function byRunningMean(sessions: readonly SyntheticSession[], { mean }: PacePrior): { span: Span; seconds: number }[] {
  return sessions.map(({ units, ms }, number) => {
    const before = sessions.slice(0, number).map(logPace);
    const expected = units * Math.exp(before.length === 0 ? mean : before.reduce((sum, y) => sum + y, 0) / before.length);
    return { span: { low: expected, expected, high: expected }, seconds: ms / 1000 };
  });
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const said: string[] = [];
const say = (what: string, { coverage, error }: Figures, mean?: Figures): void => void said.push(`${what}: coverage ${percent(coverage)}, error ${error.toFixed(4)}${mean ? `, running mean ${mean.error.toFixed(4)}` : ''}`);

describe('estimates for readers of known pace', () => {
  // Past Jest's console, which would put its own lines around each.
  afterAll(() => process.stdout.write(`${said.join('\n')}\n`));

  it.each([1, 2, 3])('cover a session in 72 to 88 of 100 cases, and are no further off than a running mean (seed %i)', (seed) => {
    const all = readers(START.word, seed);
    const model = judged(all.flatMap((sessions) => replayed(sessions, START.word)));
    const mean = judged(all.flatMap((sessions) => byRunningMean(sessions, START.word)));
    say(`${READERS} readers, ${SESSIONS} sessions, seed ${seed}`, model, mean);
    expect(model.coverage).toBeGreaterThanOrEqual(0.72);
    expect(model.coverage).toBeLessThanOrEqual(0.88);
    expect(model.error).toBeLessThanOrEqual(mean.error);
  });

  it('do so from the very first session on, when all that is known is the prior', () => {
    for (const upTo of [1, 3, 10]) {
      const early = judged(readers(START.word, 4).flatMap((sessions) => replayed(sessions.slice(0, upTo), START.word)));
      say(`the first ${upTo} sessions`, early);
      expect(early.coverage).toBeGreaterThanOrEqual(0.72);
      expect(early.coverage).toBeLessThanOrEqual(0.88);
    }
  });

  it('cover what is left of a document too, whose many sessions even out', () => {
    const left = judged(readers(START.word, 5).flatMap((sessions) => documentsLeft(sessions, START.word)));
    say('what is left of a document', left);
    expect(left.coverage).toBeGreaterThanOrEqual(0.72);
    expect(left.coverage).toBeLessThanOrEqual(0.88);
  });

  it('follow readers who become faster, where a running mean stays behind', () => {
    const all = readers(START.word, 6, -0.02);
    const model = judged(all.flatMap((sessions) => replayed(sessions, START.word)));
    const mean = judged(all.flatMap((sessions) => byRunningMean(sessions, START.word)));
    say('readers who become 2 % faster each session', model, mean);
    expect(model.coverage).toBeGreaterThanOrEqual(0.72);
    expect(model.error).toBeLessThan(mean.error);
  });

  it('learn what readers of this place are like, and then serve them as well', () => {
    const population = { mean: Math.log(60 / 150), betweenSd: 0.25, withinSd: 0.4 };
    const all = readers(population, 7);
    const learned = hyperParameters(all.map((sessions) => momentsOf(sessions.map(logPace))), START.word);
    expect(learned.mean).toBeCloseTo(population.mean, 1);
    expect(learned.betweenSd).toBeCloseTo(population.betweenSd, 1);
    expect(learned.withinSd).toBeCloseTo(population.withinSd, 1);
    const newcomers = readers(population, 8);
    const [before, after] = [START.word, learned].map((prior) => judged(newcomers.flatMap((sessions) => replayed(sessions, prior))));
    say('other readers, before learning', before!);
    say('other readers, after learning', after!);
    expect(after!.coverage).toBeGreaterThanOrEqual(0.72);
    expect(after!.coverage).toBeLessThanOrEqual(0.88);
    expect(after!.error).toBeLessThanOrEqual(before!.error);
  });

  it('keep to the start values while nobody or next to nobody has read here', () => {
    expect(hyperParameters([], START.word)).toEqual(START.word);
    expect(hyperParameters([momentsOf([1, 1, 1])], START.word)).toEqual(START.word);
    const one = hyperParameters([momentsOf([5, 5, 5, 5, 5])], START.word);
    expect(Math.abs(one.mean - START.word.mean)).toBeLessThan(0.25);
    for (const sd of [one.betweenSd, one.withinSd]) expect(sd).toBeGreaterThan(0.1);
  });
});
