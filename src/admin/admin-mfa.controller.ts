import { Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { PrincipalKind } from '../access/permission.js';
import { Audience } from '../access/requires.js';
import { MfaEnrolment } from '../auth/mfa/mfa-enrolment.service.js';
import { MfaRoutes } from '../auth/mfa/mfa.routes.js';

@ApiTags('admin')
@Audience(PrincipalKind.Admin)
@Controller('admin/auth/mfa')
export class AdminMfaController extends MfaRoutes {
  constructor(enrolment: MfaEnrolment) {
    super(enrolment);
  }
}
