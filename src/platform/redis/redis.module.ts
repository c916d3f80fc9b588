import { Global, Module } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { RedisConnection } from './redis-connection.js';

const connection = { provide: RedisConnection, inject: [Settings], useFactory: (settings: Settings): Promise<RedisConnection> => RedisConnection.to(settings) };

@Global()
@Module({ providers: [connection], exports: [RedisConnection] })
export class RedisModule {}
