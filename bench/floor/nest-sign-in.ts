import 'reflect-metadata';
import { Body, Controller, HttpCode, Module, Post, UnauthorizedException, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { JwtService } from '@nestjs/jwt';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { verify } from '@node-rs/argon2';
import { IsString, MaxLength } from 'class-validator';

/*
 * The least that a sign-in can be with Nest: a validated body, the hash, a signed token. It looks nobody up and stores nothing.
 * Run as `node nest-sign-in.js '{"hash":…,"privateKey":"PEM"}'`.
 */
const { hash, privateKey } = JSON.parse(process.argv[2]!) as { hash: string; privateKey: string };
const tokens = new JwtService({ privateKey, signOptions: { algorithm: 'ES256', expiresIn: 900 } });

class LoginDto {
  @IsString()
  @MaxLength(254)
  login!: string;

  @IsString()
  @MaxLength(1024)
  password!: string;
}

@Controller()
class SignInController {
  @Post('sign-in')
  @HttpCode(200)
  async signIn(@Body() { login, password }: LoginDto): Promise<{ accessToken: string }> {
    if (!(await verify(hash, password))) throw new UnauthorizedException();
    return { accessToken: tokens.sign({ sub: login }) };
  }
}

@Module({ controllers: [SignInController] })
class SignInModule {}

const app = await NestFactory.create<NestFastifyApplication>(SignInModule, new FastifyAdapter(), { logger: false });
app.useGlobalPipes(new ValidationPipe({ whitelist: true, transform: true }));
await app.listen(0, '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
process.stdout.write(`${await app.getUrl()}\n`);
