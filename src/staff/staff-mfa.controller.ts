import { Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { PrincipalKind } from '../access/permission.js';
import { Audience } from '../access/requires.js';
import { MfaEnrolment } from '../auth/mfa/mfa-enrolment.service.js';
import { MfaRoutes } from '../auth/mfa/mfa.routes.js';

@ApiTags('staff')
@Audience(PrincipalKind.Staff)
@Controller('staff/auth/mfa')
export class StaffMfaController extends MfaRoutes {
  constructor(enrolment: MfaEnrolment) {
    super(enrolment);
  }
}
