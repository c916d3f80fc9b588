import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, ParseUUIDPipe, Patch, Post, Put, Query, Res } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { IfMatch, setEntityTag } from '../../platform/http/entity-tag.js';
import { Refuses } from '../../platform/http/refuses.js';
import { Idempotent, type IdempotentRequest } from '../../platform/idempotency/idempotent-request.js';
import { answerList, type Answer } from '../../platform/lists/answer.js';
import { ListRoute, WantedOf } from '../../platform/lists/list-routes.js';
import type { Wanted } from '../../platform/lists/wanted.js';
import { DocumentSearch } from './document-search.js';
import { DocumentTextDto, SearchHitsDto, SearchQueryDto, TextQueryDto } from './document-texts.dto.js';
import { DocumentTexts } from './document-texts.js';
import { DocumentDto, RemovedDocumentDto, UpdateDocumentDto } from './documents.dto.js';
import { DOCUMENTS_LIST } from './documents.list.js';
import { DocumentsService } from './documents.service.js';
import { SentForm, type UploadForm } from './upload-form.js';
import { UploadsService } from './uploads.service.js';

const FILE = { type: 'string' as const, format: 'binary' };
const ID = { type: 'string' as const, format: 'uuid' };
const TITLE = { type: 'string' as const, maxLength: 300 };
const FORM = { type: 'object' as const, required: ['file'], properties: { file: FILE, topicId: ID, title: TITLE } };
const FILE_FORM = { type: 'object' as const, required: ['file'], properties: { file: FILE, title: TITLE } };

@ApiTags('study')
@Controller('documents')
export class DocumentsController {
  constructor(
    private readonly documents: DocumentsService,
    private readonly uploads: UploadsService,
    private readonly texts: DocumentTexts,
    private readonly pages: DocumentSearch,
  ) {}

  /** The caller's documents, changed last first. */
  @Get()
  @Requires(Permission.StudyRead)
  @ListRoute(DOCUMENTS_LIST, DocumentDto)
  async list(@CurrentActor() actor: Actor, @WantedOf(DOCUMENTS_LIST) wanted: Wanted, @Res({ passthrough: true }) reply: FastifyReply): Promise<Answer<DocumentDto>> {
    return answerList(reply, wanted, await this.documents.list(actor, wanted), (document) => DocumentDto.of(document));
  }

  /**
   * Uploads a PDF. It is checked before the answer, its text is read after it (see `state`). A file that the caller has already
   * is a 409 that leads to it; encrypted ones are refused as `documents.encrypted`.
   */
  @Post()
  @RouteConfig({ streamed: true })
  @Requires(Permission.StudyWrite)
  @Refuses(404, 409, 413, 415, 422)
  @ApiConsumes('multipart/form-data')
  @ApiBody({ schema: FORM })
  create(@CurrentActor() actor: Actor, @SentForm() form: UploadForm, @Idempotent() repeat?: IdempotentRequest): Promise<DocumentDto> {
    return this.uploads.create(actor, form, (document) => DocumentDto.of(document), repeat);
  }

  /** Finds pages by the words on them, in all documents of the caller. */
  @Get('search')
  @Requires(Permission.StudyRead)
  async search(@CurrentActor() actor: Actor, @Query() { q, limit, documentId, topicId }: SearchQueryDto): Promise<SearchHitsDto> {
    return SearchHitsDto.of(await this.pages.find(actor, q, { limit: limit ?? 20, documentId, topicId }));
  }

  /** One document, and how far the reading of its text is. */
  @Get(':id')
  @Requires(Permission.StudyRead)
  @Refuses(404)
  async read(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<DocumentDto> {
    const document = await this.documents.get(actor, id);
    setEntityTag(reply, document.version);
    return DocumentDto.of(document);
  }

  /** As PATCH: what is not named stays as it is. */
  @Put(':id')
  @Requires(Permission.StudyWrite)
  @Refuses(404, 412, 422)
  replace(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() change: UpdateDocumentDto, @IfMatch() version: number | undefined): Promise<DocumentDto> {
    return this.update(actor, id, change, version);
  }

  /** Changes title, topic or progress; fields that are absent stay as they are. */
  @Patch(':id')
  @Requires(Permission.StudyWrite)
  @Refuses(404, 412, 422)
  async update(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() change: UpdateDocumentDto, @IfMatch() version: number | undefined): Promise<DocumentDto> {
    return DocumentDto.of(await this.documents.update(actor, id, change, version));
  }

  /** Removes a document and its file, for good. */
  @Delete(':id')
  @Requires(Permission.StudyWrite)
  @Refuses(404, 412)
  async remove(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @IfMatch() version: number | undefined): Promise<RemovedDocumentDto> {
    return RemovedDocumentDto.of(await this.documents.remove(actor, id, version));
  }

  /** Puts another PDF in the place of a document's file, or the same one where the storage lost it; progress moves with the number of pages. */
  @Put(':id/file')
  @RouteConfig({ streamed: true })
  @Requires(Permission.StudyWrite)
  @Refuses(404, 409, 412, 413, 415, 422)
  @ApiConsumes('multipart/form-data')
  @ApiBody({ schema: FILE_FORM })
  async replaceFile(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @SentForm() form: UploadForm, @IfMatch() version: number | undefined): Promise<DocumentDto> {
    return DocumentDto.of(await this.uploads.replaceFile(actor, id, form, version));
  }

  /** The text of its pages, 50 at a time. */
  @Get(':id/text')
  @Requires(Permission.StudyRead)
  @Refuses(404)
  async text(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Query() { from, to }: TextQueryDto): Promise<DocumentTextDto> {
    return DocumentTextDto.of(await this.texts.read(actor, id, from ?? 1, to));
  }

  /** Reads the text once more after that failed: a `failed` document is `processing` again. Where its file is lost, send that again instead. */
  @Post(':id/text')
  @HttpCode(HttpStatus.ACCEPTED)
  @Requires(Permission.StudyWrite)
  @Refuses(404, 409)
  async readAgain(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<DocumentDto> {
    return DocumentDto.of(await this.texts.readAgain(actor, id));
  }
}
