import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Patch, Post, Put, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { SERVICE_KEYS_LIST } from '../../api-keys/service-keys.list.js';
import { type ServiceKeyRecord, ServiceKeysService } from '../../api-keys/service-keys.service.js';
import { IfMatch, setEntityTag } from '../../platform/http/entity-tag.js';
import { Refuses } from '../../platform/http/refuses.js';
import { Idempotent, type IdempotentRequest } from '../../platform/idempotency/idempotent-request.js';
import { answerList, type Answer } from '../../platform/lists/answer.js';
import { ListRoute, WantedOf } from '../../platform/lists/list-routes.js';
import type { Wanted } from '../../platform/lists/wanted.js';
import { CreateServiceKeyDto, NewServiceKeyDto, RotateServiceKeyDto, ServiceKeyDto, UpdateServiceKeyDto } from './service-keys.dto.js';

@ApiTags('admin')
@Controller('admin/service-keys')
export class ServiceKeysController {
  constructor(private readonly keys: ServiceKeysService) {}

  /** Keys of applications, oldest first; never the keys themselves. */
  @Get()
  @Requires(Permission.ServiceKeysRead)
  @ListRoute(SERVICE_KEYS_LIST, ServiceKeyDto)
  async list(@WantedOf(SERVICE_KEYS_LIST) wanted: Wanted, @Res({ passthrough: true }) reply: FastifyReply): Promise<Answer<ServiceKeyDto>> {
    return answerList(reply, wanted, await this.keys.list(wanted), (key) => ServiceKeyDto.of(key));
  }

  /** Makes a service key. The key itself is in this answer and nowhere else, ever. A scope that is also a permission of admins is given by those alone who hold it. */
  @Post()
  @Requires(Permission.ServiceKeysWrite)
  @Refuses(409)
  create(@CurrentActor() actor: Actor, @Body() request: CreateServiceKeyDto, @Idempotent() repeat?: IdempotentRequest): Promise<NewServiceKeyDto> {
    return this.keys.create(actor, request, issued, repeat);
  }

  /** One service key. */
  @Get(':id')
  @Requires(Permission.ServiceKeysRead)
  async read(@Param('id', ParseUUIDPipe) id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<ServiceKeyDto> {
    return answer(await this.keys.get(id), reply);
  }

  /** As PATCH: admin panels send whole records, or parts of many, by PUT. */
  @Put(':id')
  @Requires(Permission.ServiceKeysWrite)
  @Refuses(412)
  replace(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() change: UpdateServiceKeyDto, @IfMatch() version: number | undefined, @Res({ passthrough: true }) reply: FastifyReply): Promise<ServiceKeyDto> {
    return this.update(actor, id, change, version, reply);
  }

  /** Changes name, scopes, expiry, networks or rate of a service key; fields that are absent stay as they are. Holds within two seconds everywhere. */
  @Patch(':id')
  @Requires(Permission.ServiceKeysWrite)
  @Refuses(412)
  async update(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() change: UpdateServiceKeyDto, @IfMatch() version: number | undefined, @Res({ passthrough: true }) reply: FastifyReply): Promise<ServiceKeyDto> {
    return answer(await this.keys.update(actor, id, change, version), reply);
  }

  /** Ends a service key for good, within two seconds everywhere. */
  @Delete(':id')
  @Requires(Permission.ServiceKeysWrite)
  @Refuses(412)
  async revoke(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @IfMatch() version: number | undefined): Promise<ServiceKeyDto> {
    return ServiceKeyDto.of(await this.keys.revoke(actor, id, version));
  }

  /** Gives the key a new secret; the previous one works for a grace period (a day by default). */
  @Post(':id/rotate')
  @HttpCode(200)
  @Requires(Permission.ServiceKeysWrite)
  @Refuses(404, 409)
  rotate(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() { graceSeconds }: RotateServiceKeyDto, @Idempotent() repeat?: IdempotentRequest): Promise<NewServiceKeyDto> {
    return this.keys.rotate(actor, id, graceSeconds, issued, repeat);
  }
}

function issued({ apiKey, key }: { apiKey: ServiceKeyRecord; key: string }): NewServiceKeyDto {
  return { ...ServiceKeyDto.of(apiKey), key };
}

function answer(key: ServiceKeyRecord, reply: FastifyReply): ServiceKeyDto {
  setEntityTag(reply, key.version);
  return ServiceKeyDto.of(key);
}
