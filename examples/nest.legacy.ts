import 'reflect-metadata';
import { Controller, Get, Inject, Injectable, Module, Param } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { circuitBreaker, rateLimit, Registry, timeout } from 'holdfast';
import { HoldfastHealthIndicator, HoldfastModule, HoldfastService } from 'holdfast/nest';

@Injectable()
class Quotes {
  @circuitBreaker({ name: 'quotes-api', failureThreshold: 2, recoveryTimeoutMs: 30_000 })
  @timeout({ ms: 2_000 })
  async price(symbol: string): Promise<string> {
    if (symbol === 'DOWN') throw new Error('upstream is down');
    return `${symbol} is at 42`;
  }
}

@Controller()
class QuotesController {
  // Compilers that write decorator metadata, as NestJS's own does, need no @Inject here.
  @Inject(Quotes) private readonly quotes!: Quotes;
  @Inject(HoldfastHealthIndicator) private readonly holdfast!: HoldfastHealthIndicator;

  @Get('price/:symbol')
  price(@Param('symbol') symbol: string): Promise<string> {
    return this.quotes.price(symbol);
  }

  @rateLimit({ limit: 1, intervalMs: 60_000 })
  @Get('report')
  report(): string {
    return 'once a minute';
  }

  @Get('health')
  health(): object {
    return this.holdfast.check();
  }
}

@Module({ imports: [HoldfastModule.forRoot()], controllers: [QuotesController], providers: [Quotes] })
class App {}

const app = await NestFactory.create(App, { logger: false });
await app.listen(0, '127.0.0.1');
const get = async (path: string) => {
  const response = await fetch(`${await app.getUrl()}/${path}`, { headers: { connection: 'close' } });
  console.log(response.status, response.headers.get('retry-after'), await response.text());
};

// What bears policies is known before the first request.
console.log(app.get(HoldfastService).members().length, app.get(Registry).breakers.names()); // → 2 [ 'quotes-api' ]
await get('price/ACME'); // → 200 null ACME is at 42
await get('report'); // → 200 null once a minute
await get('report'); // → 429 60 {"statusCode":429,"error":"Too Many Requests","code":"ERR_RATE_LIMITED","message":"Try again in 60 s"}
await Promise.allSettled([app.get(Quotes).price('DOWN'), app.get(Quotes).price('DOWN')]);
await get('price/ACME'); // → 503 30 {"statusCode":503,"error":"Service Unavailable","code":"ERR_CIRCUIT_OPEN","message":"Try again in 30 s"}
await get('health'); // → 200 null {"holdfast":{"status":"down","breakers":{"quotes-api":"open"},"message":"not closed: quotes-api"}}
await app.close();
console.log(app.get(Registry).closed); // → true
