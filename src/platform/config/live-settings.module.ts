import { Global, Module } from '@nestjs/common';
import { LiveSettings } from './live-settings.js';

@Global()
@Module({ providers: [LiveSettings], exports: [LiveSettings] })
export class LiveSettingsModule {}
