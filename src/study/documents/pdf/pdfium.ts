import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import { PDFiumModule } from '@hyzyla/pdfium';
import { Problem } from '../../../platform/problems/problem.js';
import { FileTakesTooMuchMemory } from '../../computing/study-compute.errors.js';
import { EncryptedPdf, UnreadablePdf } from './pdf.problems.js';

/** What a document may take beside its own size: pages are parsed one at a time, and none of an ordinary book needs as much. */
const MEMORY_BYTES = 192 * 1024 * 1024;
const PASSWORD_WANTED = 4;
const SECURITY_UNKNOWN = 5;

/** WebAssembly, as far as it is used here; TypeScript knows it as part of browsers only. */
interface WebAssemblyHere {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: Imports) => { readonly exports: object };
  readonly RuntimeError: new () => Error;
}
type Imports = Record<string, Record<string, unknown>>;
const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyHere };

/** PDFium's own functions. All numbers; pointers are places in its memory. */
interface Pdfium {
  readonly HEAPU8: Uint8Array;
  readonly wasmExports: { malloc(bytes: number): number; free(place: number): void };
  _FPDF_InitLibraryWithConfig(config: object): void;
  _FPDF_LoadMemDocument(place: number, bytes: number, password: number): number;
  _FPDF_GetLastError(): number;
  _FPDF_GetPageCount(document: number): number;
  _FPDF_LoadPage(document: number, index: number): number;
  _FPDF_ClosePage(page: number): void;
  _FPDFText_LoadPage(page: number): number;
  _FPDFText_ClosePage(text: number): void;
  _FPDFText_CountChars(text: number): number;
  _FPDFText_GetText(text: number, from: number, count: number, place: number): number;
}

/** A document that is open in an instance of PDFium of its own. */
export class OpenPdf {
  private constructor(
    private readonly pdfium: Pdfium,
    private readonly document: number,
  ) {}

  get pages(): number {
    return this.pdfium._FPDF_GetPageCount(this.document);
  }

  /** The text of a page, counted from 1, as PDFium tells it; undefined when there is no such page. At most so many characters. */
  text(number: number, mostChars: number): string | undefined {
    return this.onPage(number, (page) => this.textOf(page, mostChars));
  }

  canLoad(number: number): boolean {
    return this.onPage(number, () => true) ?? false;
  }

  private onPage<T>(number: number, work: (page: number) => T): T | undefined {
    const page = this.pdfium._FPDF_LoadPage(this.document, number - 1);
    if (page === 0) return undefined;
    const result = work(page);
    this.pdfium._FPDF_ClosePage(page);
    return result;
  }

  private textOf(page: number, mostChars: number): string {
    const text = this.pdfium._FPDFText_LoadPage(page);
    if (text === 0) return '';
    const chars = Math.min(Math.max(0, this.pdfium._FPDFText_CountChars(text)), mostChars);
    const place = taken(this.pdfium, (chars + 1) * 2);
    const written = this.pdfium._FPDFText_GetText(text, 0, chars, place);
    // Its memory may have moved meanwhile, so that it is looked up only now. What is written ends with a zero.
    const result = Buffer.from(this.pdfium.HEAPU8.subarray(place, place + Math.max(0, written - 1) * 2)).toString('utf16le');
    this.pdfium.wasmExports.free(place);
    this.pdfium._FPDFText_ClosePage(text);
    return result;
  }

  /**
   * Opens a file in a new instance, works with it and forgets the instance: nothing of one document is left for the next, and
   * one that was brought down takes nobody with it.
   */
  static async within<T>(path: string, work: (pdf: OpenPdf) => T): Promise<T> {
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      const pdfium = await instance(size + MEMORY_BYTES);
      return work(new OpenPdf(pdfium, opened(pdfium, file, size)));
    } catch (error) {
      throw broughtDown(error);
    } finally {
      closeSync(file);
    }
  }
}

/** How PDFium ends on a document that is made to end it; what the file system says is no fault of the document. */
function broughtDown(error: unknown): unknown {
  if (error instanceof Problem || (error as NodeJS.ErrnoException).code !== undefined) return error;
  return error instanceof WebAssembly.RuntimeError || error instanceof RangeError ? new FileTakesTooMuchMemory(error) : new UnreadablePdf(error);
}

function opened(pdfium: Pdfium, file: number, size: number): number {
  const place = taken(pdfium, size);
  for (let read = 0; read < size; ) {
    const bytes = readSync(file, pdfium.HEAPU8, place + read, size - read, read);
    if (bytes === 0) throw new UnreadablePdf();
    read += bytes;
  }
  const document = pdfium._FPDF_LoadMemDocument(place, size, 0);
  if (document !== 0) return document;
  const error = pdfium._FPDF_GetLastError();
  throw error === PASSWORD_WANTED || error === SECURITY_UNKNOWN ? new EncryptedPdf() : new UnreadablePdf();
}

function taken(pdfium: Pdfium, bytes: number): number {
  const place = pdfium.wasmExports.malloc(bytes);
  if (place === 0) throw new FileTakesTooMuchMemory();
  return place;
}

let compiled: object | undefined;

/** Its memory grows to a bound of our own; past that PDFium gives up, which ends the instance and nothing else. */
async function instance(mostBytes: number): Promise<Pdfium> {
  compiled ??= new WebAssembly.Module(readFileSync(createRequire(import.meta.url).resolve('@hyzyla/pdfium/pdfium.wasm')));
  const module = compiled;
  const options = {
    print: () => undefined,
    printErr: () => undefined,
    instantiateWasm: (imports: unknown, done: (instance: never) => void): never => {
      const { env } = imports as { env: Record<string, unknown> };
      const grow = env.emscripten_resize_heap as (bytes: number) => boolean;
      env.emscripten_resize_heap = (bytes: number) => bytes >>> 0 <= mostBytes && grow(bytes);
      const made = new WebAssembly.Instance(module, imports as Imports);
      done(made as never);
      return made.exports as never;
    },
  };
  const pdfium = (await PDFiumModule(options)) as unknown as Pdfium;
  pdfium._FPDF_InitLibraryWithConfig({});
  return pdfium;
}
