import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { chainHash, detailsHash } from '../chain.js';
import { headsOf, statementOf } from '../checkpoint-statement.js';
import { type FileLine, linesOf } from './export-file.js';
import { type EndLine, endStatement, type EventLine, ExportDigest, type ExportedCheckpoint, FORMAT, type HeaderLine } from './export-lines.js';

/** What an export turned out to be. */
export interface ExportProof {
  readonly header: HeaderLine;
  readonly rows: number;
  /** Rows whose details were erased; that they were, and not taken out of the file, only its own signature says. */
  readonly withoutDetails: number;
}

/** The first line of an export that is not as it was written. */
export class BadLine extends Error {
  constructor(
    readonly kind: 'edited' | 'removed' | 'reordered' | 'added' | 'cut-off' | 'signature' | 'other-key',
    readonly line: number,
    detail: string,
  ) {
    super(detail);
  }
}

/** Where the next row must stand. */
interface Place {
  readonly lane: number;
  readonly position: number;
  /** The hash of the row before, where a lane begins. */
  readonly behind?: string;
  /** The hash that a checkpoint signed, where a lane ends. */
  readonly signed?: string;
}

/**
 * Walks an export, a line in memory at a time, and throws at the first that is not as it was written.
 * @param key whose signature is wanted; without one, that of the key which the file itself names
 */
export async function verifyExport(file: AsyncIterable<Buffer>, key?: KeyObject): Promise<ExportProof> {
  const lines = linesOf(file);
  const first = await next(lines, 1);
  const walk = new ExportWalk(headerOf(first), first.number, key);
  for (let { last } = first; ; ) {
    const line = await next(lines, last + 1);
    const { number } = line;
    ({ last } = line);
    if (line.line?.kind === 'end') {
      const proof = walk.end(line.line, number);
      const more = await lines.next();
      if (!more.done) throw new BadLine('added', more.value.number, 'The file goes on behind its last line.');
      return proof;
    }
    if (line.line?.kind !== 'event') throw new BadLine('edited', number, 'This line is not as Provost writes it.');
    const place = walk.place(number);
    if (walk.stands(line.line, place)) walk.take(line.line, place, number);
    else throw await misplaced(line.line, place, number, walk, lines);
  }
}

async function next(lines: AsyncGenerator<FileLine>, number: number): Promise<FileLine> {
  const found = await lines.next();
  if (found.done) throw new BadLine('cut-off', number, 'The file ends here without its last line: it was cut off.');
  if (found.value.line) return found.value;
  const isLast = (await lines.next()).done;
  throw isLast ? new BadLine('cut-off', found.value.number, 'The file ends within this line: it was cut off.') : new BadLine('edited', found.value.number, 'This line is not as Provost writes it.');
}

function headerOf({ line, number }: FileLine): HeaderLine {
  if (line?.kind !== 'header' || line.format !== FORMAT) throw new BadLine('edited', number, `This is not the first line of a file of the format "${FORMAT}".`);
  return line;
}

function keyOf({ publicKey }: HeaderLine, number: number): KeyObject {
  try {
    return createPublicKey(publicKey);
  } catch {
    throw new BadLine('edited', number, 'This line names no public key.');
  }
}

/** Reads on to tell rows that were taken away from rows that come later. */
async function misplaced(event: EventLine, place: Place, number: number, walk: ExportWalk, lines: AsyncGenerator<FileLine>): Promise<BadLine> {
  const wanted = `row ${place.position} of lane ${place.lane}`;
  const found = `row ${event.position} of lane ${event.lane}`;
  if (walk.follows({ ...event, ...placeOf(place) }, place)) return new BadLine('edited', number, `This line was written as ${wanted} and says it is ${found}.`);
  const isBack = event.lane < place.lane || (event.lane === place.lane && event.position < place.position);
  if (isBack) return new BadLine('added', number, `Here stands ${found} a second time.`);
  for await (const { line } of lines) {
    if (line?.kind === 'event' && line.lane === place.lane && line.position === place.position) return new BadLine('reordered', number, `Here stands ${found}, and ${wanted} comes later.`);
  }
  return new BadLine('removed', number, `Before this line ${wanted} is missing.`);
}

function placeOf({ lane, position }: Place): Pick<Place, 'lane' | 'position'> {
  return { lane, position };
}

/** How far the rows of a file are proven. */
class ExportWalk {
  private readonly key: KeyObject;
  private readonly digest: ExportDigest;
  private readonly places: Generator<Place, undefined>;
  private previous = '';
  private rows = 0;
  private withoutDetails = 0;

  constructor(private readonly header: HeaderLine, number: number, key?: KeyObject) {
    this.key = keyOf(header, number);
    if (key && !key.equals(this.key)) throw new BadLine('other-key', number, 'This file names another key than the one that was given.');
    for (const checkpoint of [header.begin, header.end]) {
      if (checkpoint && !this.isSigned(checkpoint)) throw new BadLine('edited', number, `Checkpoint ${checkpoint.number} in this line is not as it was signed.`);
    }
    if (header.begin && header.begin.number > header.end.number) throw new BadLine('edited', number, 'The checkpoints in this line are exchanged.');
    this.digest = new ExportDigest(header);
    this.places = placesOf(header);
  }

  place(number: number): Place {
    const { value } = this.places.next();
    if (!value) throw new BadLine('added', number, 'There are no more rows up to the checkpoint at the end.');
    return value;
  }

  stands(event: EventLine, { lane, position }: Place): boolean {
    return event.lane === lane && event.position === position;
  }

  follows({ position: seq, ...event }: EventLine, { behind = this.previous }: Place): boolean {
    return chainHash(behind, { ...event, seq }) === event.hash;
  }

  take(event: EventLine, place: Place, number: number): void {
    const isRight = this.follows(event, place) && areDetailsOf(event);
    if (!isRight) throw new BadLine('edited', number, `Row ${event.position} of lane ${event.lane} (${event.id}) does not say what it said when it was written.`);
    if (place.signed !== undefined && place.signed !== event.hash) throw new BadLine('edited', number, `The rows of lane ${event.lane} up to here are not those that checkpoint ${this.header.end.number} signed.`);
    this.digest.add(event);
    this.previous = event.hash;
    this.rows += 1;
    if (event.salt === null) this.withoutDetails += 1;
  }

  end(line: EndLine, number: number): ExportProof {
    const { value: missing } = this.places.next();
    if (missing) throw new BadLine('removed', number, `Before this line row ${missing.position} of lane ${missing.lane} is missing.`);
    const { rows, digest } = this.digest.end();
    const isSigned = line.rows === rows && line.digest === digest && verify(null, endStatement(line), this.key, Buffer.from(String(line.signature), 'base64url'));
    if (!isSigned) throw new BadLine('signature', number, 'The signature is not that of this file: its first or last line was changed, or details were taken out of a row.');
    return { header: this.header, rows, withoutDetails: this.withoutDetails };
  }

  private isSigned({ number, at, heads, previousSignature, signature }: ExportedCheckpoint): boolean {
    return verify(null, statementOf({ number, at: new Date(at), heads }, previousSignature), this.key, Buffer.from(String(signature), 'base64url'));
  }
}

/** Rows without a salt have no details; that they are allowed to, the last line signs. */
function areDetailsOf({ salt, before, after, ip, detailsHash: expected }: EventLine): boolean {
  return salt === null ? before === null && after === null && ip === null : detailsHash({ salt, before, after, ip }) === expected;
}

/** All places between the checkpoints, in the order of the file. */
function* placesOf({ begin, end }: HeaderLine): Generator<Place, undefined> {
  const begins = headsOf(begin);
  for (const [lane, { seq: last, hash }] of headsOf(end)) {
    const start = begins.get(lane) ?? { seq: 0, hash: '' };
    for (let position = start.seq + 1; position <= last; position += 1) {
      yield { lane, position, behind: position === start.seq + 1 ? start.hash : undefined, signed: position === last ? hash : undefined };
    }
  }
}
