import { Global, Module } from '@nestjs/common';
import { ChangeLog } from './change-log.js';
import { Changes } from './changes.js';

@Global()
@Module({ providers: [ChangeLog, Changes], exports: [ChangeLog, Changes] })
export class ChangesModule {}
