import 'reflect-metadata';
import { Controller, Get, Inject, Injectable, Module, Param, Scope } from '@nestjs/common';
import { REQUEST } from '@nestjs/core';
import {
  BulkheadFullError,
  cached,
  ChaosError,
  circuitBreaker,
  deadline,
  fallback,
  rateLimit,
  Registry,
  retryWithBackoff,
  timeout,
} from 'holdfast';
import { HoldfastModule, type HoldfastModuleOptions } from 'holdfast/nest';
import { ManualClock } from 'holdfast/testing';

/** An application whose classes, registry and time are its own. */
export function quotesApp(options: HoldfastModuleOptions = {}) {
  const clock = new ManualClock();
  const registry = new Registry({ clock, random: () => 0 });
  const never = () => new Promise<never>(() => undefined);

  @Injectable()
  class Upstream {
    calls = 0;
    failuresToCome = 0;

    async ask(symbol: string): Promise<string> {
      this.calls++;
      if (this.failuresToCome-- > 0) throw new Error('upstream is down');
      return `price of ${symbol}`;
    }
  }

  class BaseService {
    @retryWithBackoff({ registry }) async inherited(): Promise<string> {
      return 'inherited';
    }
  }

  @Injectable()
  class QuotesService extends BaseService {
    constructor(private readonly upstream: Upstream) {
      super();
    }

    @circuitBreaker({ name: 'upstream', failureThreshold: 2, recoveryTimeoutMs: 29_500, registry })
    guarded(symbol: string): Promise<string> {
      return this.upstream.ask(symbol);
    }

    @cached({ registry })
    @circuitBreaker({ registry })
    kept(symbol: string): Promise<string> {
      return this.upstream.ask(symbol);
    }

    @circuitBreaker({ registry }) static shared(): number {
      return 1;
    }

    get dangerous(): number {
      throw new Error('a getter that bears no policies must not be read');
    }
  }

  @Injectable({ scope: Scope.REQUEST })
  class Visitor {
    static made = 0;
    readonly number: number;

    constructor(
      private readonly upstream: Upstream,
      @Inject(REQUEST) private readonly request: { url: string },
    ) {
      this.number = ++Visitor.made;
    }

    @fallback((symbol: string) => `${symbol} of yesterday`, { registry })
    @circuitBreaker({ failureThreshold: 2, registry })
    async ask(symbol: string): Promise<string> {
      return `${await this.upstream.ask(symbol)} for visitor ${this.number} at ${this.request.url}`;
    }
  }

  class MadeByFactory {
    @circuitBreaker({ registry }) async ask(): Promise<number> {
      return 1;
    }
  }

  @Controller()
  class QuotesController {
    constructor(
      private readonly quotes: QuotesService,
      private readonly visitor: Visitor,
    ) {}

    @Get('guarded/:symbol')
    guarded(@Param('symbol') symbol: string): Promise<string> {
      return this.quotes.guarded(symbol);
    }

    @Get('visitor/:symbol')
    visit(@Param('symbol') symbol: string): Promise<string> {
      return this.visitor.ask(symbol);
    }

    @Get('limited')
    @rateLimit({ limit: 1, intervalMs: 60_000, registry })
    limited(): string {
      return 'within the limit';
    }

    @timeout({ ms: 50, registry })
    @Get('slow')
    slow(): Promise<string> {
      return never();
    }

    @deadline({ ms: 50, registry })
    @Get('late')
    late(): Promise<string> {
      return never();
    }

    @Get('full')
    full(): string {
      throw new BulkheadFullError('slots of the secret pool are taken', { policy: 'bulkhead', policyName: 'secret' });
    }

    @Get('chaos')
    chaos(): string {
      throw new ChaosError('made on purpose', { policy: 'chaos', policyName: 'chaos' });
    }
  }

  @Module({
    imports: [HoldfastModule.forRoot({ registry, ...options })],
    controllers: [QuotesController],
    providers: [
      Upstream,
      QuotesService,
      Visitor,
      { provide: 'made', useFactory: () => new MadeByFactory() },
      { provide: 'text', useValue: 'a text' },
      { provide: 'bare', useValue: Object.create(null) },
    ],
  })
  class QuotesModule {}

  return { QuotesModule, QuotesService, Upstream, Visitor, clock, registry };
}
