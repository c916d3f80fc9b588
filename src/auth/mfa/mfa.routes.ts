import { Body, Delete, Get, HttpCode, Post } from '@nestjs/common';
import { type Actor, CurrentActor } from '../../access/actor.js';
import { Pending } from '../../access/pending.js';
import { Permission } from '../../access/permission.js';
import { OpenWhile, Requires } from '../../access/requires.js';
import { Refuses } from '../../platform/http/refuses.js';
import { MfaCodeDto, MfaStateDto, RecoveryCodesDto, StartTotpDto, TotpCodeDto, TotpEnrolmentDto } from './mfa.dto.js';
import { MfaEnrolment } from './mfa-enrolment.service.js';
import { qrCode } from './qr-code.js';

/** The routes of the second factor, the same for every kind of principal; each kind's controller says where they hang. */
export abstract class MfaRoutes {
  constructor(protected readonly enrolment: MfaEnrolment) {}

  /** Whether a second factor is set up, and how many recovery codes are left. */
  @Get()
  @Requires(Permission.AccountManage)
  @OpenWhile(Pending.MfaEnrolment)
  async state(@CurrentActor() actor: Actor): Promise<MfaStateDto> {
    return MfaStateDto.of(await this.enrolment.state(actor));
  }

  /** Begins to set up an authenticator app; nothing changes before it is activated. */
  @Post('totp')
  @HttpCode(200)
  @Requires(Permission.AccountManage)
  @OpenWhile(Pending.MfaEnrolment)
  @Refuses(409)
  async start(@CurrentActor() actor: Actor, @Body() { password }: StartTotpDto): Promise<TotpEnrolmentDto> {
    const { secret, uri } = await this.enrolment.start(actor, password);
    return { secret, otpauthUri: uri, qr: await qrCode(uri) };
  }

  /** Proves that the app makes right codes; from then on sign-in asks for one. Refresh the session to go on. */
  @Post('totp/activate')
  @HttpCode(200)
  @Requires(Permission.AccountManage)
  @OpenWhile(Pending.MfaEnrolment)
  @Refuses(409)
  async activate(@CurrentActor() actor: Actor, @Body() { code }: TotpCodeDto): Promise<RecoveryCodesDto> {
    return { recoveryCodes: await this.enrolment.activate(actor, code) };
  }

  /** Removes the authenticator app and the recovery codes. */
  @Delete('totp')
  @Requires(Permission.AccountManage)
  @Refuses(409)
  async remove(@CurrentActor() actor: Actor, @Body() { code }: MfaCodeDto): Promise<MfaStateDto> {
    await this.enrolment.remove(actor, code);
    return MfaStateDto.of(await this.enrolment.state(actor));
  }

  /** Makes new recovery codes; the old ones are worth nothing from then on. */
  @Post('recovery-codes')
  @HttpCode(200)
  @Requires(Permission.AccountManage)
  @Refuses(409)
  async renewRecoveryCodes(@CurrentActor() actor: Actor, @Body() { code }: TotpCodeDto): Promise<RecoveryCodesDto> {
    return { recoveryCodes: await this.enrolment.renewRecoveryCodes(actor, code) };
  }
}
