import { Body, Controller, Delete, Get, Param, ParseUUIDPipe, Patch, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Actor, CurrentActor } from '../access/actor.js';
import { Permission } from '../access/permission.js';
import { Requires } from '../access/requires.js';
import { IfMatch, setEntityTag } from '../platform/http/entity-tag.js';
import { Refuses } from '../platform/http/refuses.js';
import { Idempotency } from '../platform/idempotency/idempotency.js';
import { Idempotent, type IdempotentRequest } from '../platform/idempotency/idempotent-request.js';
import { ApiKeyDto, ApiKeyListDto, CreateApiKeyDto, DeletedDto, IssuedApiKeyDto, RotateApiKeyDto, UpdateApiKeyDto } from './api-keys.dto.js';
import { ApiKeysService } from './api-keys.service.js';

@ApiTags('api-keys')
@Requires(Permission.KeysManage)
@Controller('users/me/api-keys')
export class ApiKeysController {
  constructor(
    private readonly apiKeys: ApiKeysService,
    private readonly idempotency: Idempotency,
  ) {}

  /** The caller's API keys, newest first. */
  @Get()
  async list(@CurrentActor() actor: Actor): Promise<ApiKeyListDto> {
    const keys = await this.apiKeys.list(actor);
    return { data: keys.map((key) => ApiKeyDto.of(key)), nextCursor: null, prevCursor: null };
  }

  /** Makes an API key. The key itself is in this answer and nowhere else, ever. */
  @Post()
  @Refuses(409, 422)
  create(@CurrentActor() actor: Actor, @Body() request: CreateApiKeyDto, @Idempotent() repeat?: IdempotentRequest): Promise<IssuedApiKeyDto> {
    return this.idempotency.inTransaction(repeat, async (tx) => IssuedApiKeyDto.of(await this.apiKeys.create(tx, actor, request)));
  }

  /** One API key. */
  @Get(':id')
  async read(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<ApiKeyDto> {
    const key = await this.apiKeys.get(actor, id);
    setEntityTag(reply, key.version);
    return ApiKeyDto.of(key);
  }

  /** Changes an API key; fields that are absent stay as they are. */
  @Patch(':id')
  @Refuses(412)
  async update(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() change: UpdateApiKeyDto, @IfMatch() version: number | undefined): Promise<ApiKeyDto> {
    return ApiKeyDto.of(await this.apiKeys.update(actor, id, change, version));
  }

  /** Ends an API key at once and for good. */
  @Delete(':id')
  async revoke(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string): Promise<DeletedDto> {
    await this.apiKeys.revoke(actor, id);
    return { id };
  }

  /** Gives the key a new secret; the previous one works for a grace period (a day by default). */
  @Post(':id/rotate')
  rotate(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() { graceSeconds }: RotateApiKeyDto, @Idempotent() repeat?: IdempotentRequest): Promise<IssuedApiKeyDto> {
    return this.idempotency.inTransaction(repeat, async (tx) => IssuedApiKeyDto.of(await this.apiKeys.rotate(tx, actor, id, graceSeconds)));
  }
}
