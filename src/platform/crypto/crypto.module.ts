import { Global, Module } from '@nestjs/common';
import { Clock } from '../clock/clock.js';
import { Sql } from '../database/sql.js';
import { Keyring } from './keyring.js';
import { MasterKeys } from './master-keys.js';
import { openKeyring } from './open-keyring.js';
import { Rewrapping } from './rewrapping.js';
import { WrappedColumns } from './wrapped-columns.js';

@Global()
@Module({
  providers: [MasterKeys, WrappedColumns, Rewrapping, { provide: Keyring, inject: [MasterKeys, Sql, Clock], useFactory: openKeyring }],
  exports: [Keyring, MasterKeys, WrappedColumns, Rewrapping],
})
export class CryptoModule {}
