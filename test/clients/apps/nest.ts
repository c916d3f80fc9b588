import 'reflect-metadata';
import { Body, Controller, Get, HttpCode, HttpException, Module, type OnApplicationShutdown, Post, Req, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { type Caller, nestProvost, provost } from 'provost/middleware';

const { PROVOST_URL, PROVOST_SERVICE_KEY, SPOOL_FOLDER, OUTAGE_SECONDS, PORT } = process.env;

const client = provost({
  url: PROVOST_URL!,
  serviceKey: PROVOST_SERVICE_KEY!,
  spool: { folder: SPOOL_FOLDER! },
  outageSeconds: Number(OUTAGE_SECONDS ?? 0),
});

const SignedIn = nestProvost(client, HttpException);
const CostsConversation = nestProvost(client, HttpException, { consume: { conversations: 1 } });
const HoldsConversation = nestProvost(client, HttpException, { reserve: { conversations: 1 } });
const MayWrite = nestProvost(client, HttpException, { scopes: ['messages:write'] });

interface Guarded {
  provost: Caller;
}

interface Text {
  text: string;
}

@Controller()
class ChatController {
  @Get('open')
  open(): object {
    return { hello: 'world' };
  }

  @Get('me')
  @UseGuards(SignedIn)
  me(@Req() { provost: { subject, plan, scopes } }: Guarded): object {
    return { subject, plan, scopes };
  }

  @Post('chat')
  @HttpCode(200)
  @UseGuards(CostsConversation)
  async chat(@Req() { provost: caller }: Guarded, @Body() { text }: Text): Promise<object> {
    const answer = `You said: ${text}`;
    await caller.log({ model: 'echo', messages: [{ role: 'user', content: text }, { role: 'assistant', content: answer }] });
    return { answer };
  }

  @Post('essay')
  @HttpCode(200)
  @UseGuards(HoldsConversation)
  essay(@Body() { text }: Text): object {
    if (text === '') throw new Error('There is nothing to write about');
    return { essay: `On ${text}` };
  }

  @Post('notes')
  @HttpCode(202)
  @UseGuards(MayWrite)
  async notes(@Req() { provost: caller }: Guarded, @Body() { text }: Text): Promise<object> {
    return { id: await caller.log({ model: 'note', messages: [{ role: 'user', content: text }] }) };
  }
}

@Module({ controllers: [ChatController] })
class ChatModule implements OnApplicationShutdown {
  async onApplicationShutdown(): Promise<void> {
    await client.close();
  }
}

const app = await NestFactory.create(ChatModule, new FastifyAdapter(), { logger: false });
app.enableShutdownHooks();
await app.listen(Number(PORT), '127.0.0.1');
console.log(`serving at ${await app.getUrl()}`);
