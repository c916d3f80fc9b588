import { Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { PrincipalKind } from '../../access/permission.js';
import { Audience } from '../../access/requires.js';
import { MfaEnrolment } from './mfa-enrolment.service.js';
import { MfaRoutes } from './mfa.routes.js';

@ApiTags('auth')
@Audience(PrincipalKind.User)
@Controller('auth/mfa')
export class MfaController extends MfaRoutes {
  constructor(enrolment: MfaEnrolment) {
    super(enrolment);
  }
}
