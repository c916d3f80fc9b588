import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { Permission } from '../../access/permission.js';
import { Requires } from '../../access/requires.js';
import { AccountRemoval } from '../../auth/account/account-removal.js';
import { Bans } from '../../auth/account/bans.js';
import { Unlocks } from '../../auth/account/unlocks.js';
import { SignInHistory } from '../../auth/sign-in-history.js';
import { Reason, REASON_HEADER } from '../../platform/http/reason-header.js';
import { Refuses } from '../../platform/http/refuses.js';
import { Idempotent, type IdempotentRequest } from '../../platform/idempotency/idempotent-request.js';
import { answerList, type Answer } from '../../platform/lists/answer.js';
import { PageRoute, WantedOf } from '../../platform/lists/list-routes.js';
import type { Wanted } from '../../platform/lists/wanted.js';
import { ListQueryDto } from '../../platform/lists/list-query.dto.js';
import { UsersByPlan } from '../../usage/users-by-plan.js';
import { UsersService } from '../../users/users.service.js';
import { UserNotes } from '../notes/user-notes.service.js';
import { DESK_LIST, searchIn } from './desk.list.js';
import { Looks } from './looks.js';
import { DeskBanDto, DeskEndedSessionsDto, DeskReasonDto, DeskSignInDto, DeskSignInListDto, DeskUnbanDto, DeskUserDto, DeskUserListDto, NoteDto, NoteListDto, WriteNoteDto } from './users-desk.dto.js';

@ApiTags('staff')
@Controller('staff/users')
export class UsersDeskController {
  constructor(
    private readonly byPlan: UsersByPlan,
    private readonly users: UsersService,
    private readonly history: SignInHistory,
    private readonly notes: UserNotes,
    private readonly looks: Looks,
    private readonly removal: AccountRemoval,
    private readonly bans: Bans,
    private readonly unlocks: Unlocks,
  ) {}

  /** Users, the newest first. `search` is how the username begins or, with an `@` in it, the e-mail address; a viewer must name an address whole. */
  @Get()
  @Requires(Permission.UsersRead)
  @ApiHeader(REASON_HEADER)
  @PageRoute(DESK_LIST, DeskUserListDto)
  async list(@CurrentActor() actor: Actor, @WantedOf(DESK_LIST) wanted: Wanted, @Reason() reason: string | undefined, @Res({ passthrough: true }) reply: FastifyReply): Promise<Answer<DeskUserDto>> {
    const { rest, scope } = searchIn(wanted, isMaskedFor(actor));
    const page = await this.byPlan.list(rest, DESK_LIST, scope);
    await this.looks.noteSearch(actor, wanted, page.data.length, reason);
    return answerList(reply, wanted, page, (user) => DeskUserDto.of(user, isMaskedFor(actor)));
  }

  /** One user, by id. */
  @Get(':id')
  @Requires(Permission.UsersRead)
  @ApiHeader(REASON_HEADER)
  async read(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Reason() reason?: string): Promise<DeskUserDto> {
    const user = await this.users.get(id);
    await this.looks.note(actor, 'profile', id, reason);
    return DeskUserDto.of(user, isMaskedFor(actor));
  }

  /** Every attempt to sign in to the account, good or bad, the newest first. */
  @Get(':id/sign-ins')
  @Requires(Permission.UsersRead)
  @ApiHeader(REASON_HEADER)
  async signIns(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Query() query: ListQueryDto, @Reason() reason?: string): Promise<DeskSignInListDto> {
    await this.users.get(id);
    const page = await this.history.of(id, query);
    await this.looks.note(actor, 'sign-ins', id, reason);
    return { ...page, data: page.data.map((each) => DeskSignInDto.of(each, isMaskedFor(actor))) };
  }

  /** What staff wrote down about the user, the newest first. */
  @Get(':id/notes')
  @Requires(Permission.UsersNote)
  @ApiHeader(REASON_HEADER)
  async readNotes(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Query() query: ListQueryDto, @Reason() reason?: string): Promise<NoteListDto> {
    await this.users.get(id);
    const page = await this.notes.of(id, query);
    await this.looks.note(actor, 'notes', id, reason);
    return { ...page, data: page.data.map((note) => NoteDto.of(note)) };
  }

  /** Writes a note about the user, which staff can read and the user's export contains. */
  @Post(':id/notes')
  @Requires(Permission.UsersNote)
  @Refuses(409)
  writeNote(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() { text }: WriteNoteDto, @Idempotent() repeat?: IdempotentRequest): Promise<NoteDto> {
    return this.notes.add(actor, id, text, (note) => NoteDto.of(note), repeat);
  }

  /** Lets a user try again who was kept out by wrong passwords or codes. */
  @Post(':id/unlock')
  @HttpCode(200)
  @Requires(Permission.UsersUnlock)
  async unlock(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() { reason }: DeskReasonDto): Promise<DeskUserDto> {
    await this.unlocks.unlock(actor, id, reason);
    return this.shown(actor, id);
  }

  /** Signs a user out everywhere. */
  @Post(':id/end-sessions')
  @HttpCode(200)
  @Requires(Permission.UsersEndSessions)
  async endSessions(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() { reason }: DeskReasonDto): Promise<DeskEndedSessionsDto> {
    return { id, ended: await this.bans.endSessions(actor, id, reason) };
  }

  /** Keeps a user out (sessions end and keys are refused at once), or from a part of the service alone. Bans of several scopes hold side by side. */
  @Post(':id/ban')
  @HttpCode(200)
  @Requires(Permission.UsersBan)
  async ban(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() { until, ...terms }: DeskBanDto): Promise<DeskUserDto> {
    await this.bans.ban(actor, id, { ...terms, until: until === undefined ? null : new Date(until) });
    return this.shown(actor, id);
  }

  /** Ends a user's bans, or that of one scope. */
  @Post(':id/unban')
  @HttpCode(200)
  @Requires(Permission.UsersBan)
  async unban(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() { reason, scope }: DeskUnbanDto): Promise<DeskUserDto> {
    await this.bans.unban(actor, id, reason, scope);
    return this.shown(actor, id);
  }

  /** Brings a deleted user back with all that was theirs, but for sessions and keys. */
  @Post(':id/restore')
  @HttpCode(200)
  @Requires(Permission.UsersRestore)
  async restore(@CurrentActor() actor: Actor, @Param('id', ParseUUIDPipe) id: string, @Body() { reason }: DeskReasonDto): Promise<DeskUserDto> {
    await this.removal.restore(actor, id, reason);
    return this.shown(actor, id);
  }

  private async shown(actor: Actor, id: string): Promise<DeskUserDto> {
    return DeskUserDto.of(await this.users.get(id), isMaskedFor(actor));
  }
}

function isMaskedFor({ permissions }: Actor): boolean {
  return !permissions.has(Permission.UsersUnmask);
}
