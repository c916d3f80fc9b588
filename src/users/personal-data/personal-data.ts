import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';

/** One file of the archive that a user can ask for. */
export interface PersonalFile {
  /** Its path in the archive. `.ndjson` has a record a line, `.json` a list. */
  readonly path: string;
  /** A sentence for the user. */
  readonly about: string;
  /** The tables whose rows about the user are in it: a test holds these against the schema. */
  readonly tables: readonly string[];
  /** In small batches, for the archive may be large. Never a secret: fields are named one by one. */
  rows(userId: string): AsyncIterable<object>;
}

/** A file that the user gave us, as it was given. */
export interface KeptFile {
  /** Its path in the archive. */
  readonly path: string;
  /** Called when its turn comes, and once. */
  open(): Promise<Readable>;
}

/** A folder of the archive with files as they were given. */
export interface PersonalFolder {
  /** Its path in the archive, such as `documents/`. */
  readonly path: string;
  /** A sentence for the user. */
  readonly about: string;
  files(userId: string): AsyncIterable<KeptFile>;
}

/** What is held about a user. Every module that holds something registers the files it adds to the user's archive. */
@Injectable()
export class PersonalData {
  readonly files: PersonalFile[] = [];
  readonly folders: PersonalFolder[] = [];

  register(...files: PersonalFile[]): void {
    this.files.push(...files);
  }

  registerFolder(folder: PersonalFolder): void {
    this.folders.push(folder);
  }
}
