import 'reflect-metadata';
import { Inject, Injectable, Module, Scope, type Type, UseFilters } from '@nestjs/common';
import {
  type AbstractGraphQLDriver,
  Args,
  CONTEXT,
  Field,
  GraphQLModule,
  Mutation,
  ObjectType,
  Parent,
  Query,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import {
  adaptiveLimit,
  batched,
  bulkhead,
  BulkheadFullError,
  cached,
  chaos,
  circuitBreaker,
  coalesce,
  deadLetter,
  deadline,
  fallback,
  hedge,
  invalidates,
  rateLimit,
  Registry,
  resilient,
  retryWithBackoff,
  shed,
  timed,
  timeout,
} from 'holdfast';
import { HoldfastExceptionFilter, HoldfastModule, type HoldfastModuleOptions } from 'holdfast/nest';
import { ManualClock } from 'holdfast/testing';
import { throttle } from 'holdfast/throttle';

/** An application of resolvers, whose classes, registry and time are its own. */
export function resolversApp(driver: Type<AbstractGraphQLDriver>, options: HoldfastModuleOptions = {}) {
  const clock = new ManualClock();
  const registry = new Registry({ clock, random: () => 0 });
  const own = { registry };
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

  @ObjectType()
  class Quote {
    @Field(() => String) symbol!: string;
    @Field(() => String) price!: string;
  }

  @Resolver(() => Quote)
  class QuotesResolver {
    orders: string[] = [];

    constructor(private readonly upstream: Upstream) {}

    @circuitBreaker({ name: 'above', failureThreshold: 2, recoveryTimeoutMs: 29_500, ...own })
    @Query(() => String)
    above(@Args('symbol') symbol: string): Promise<string> {
      return this.upstream.ask(symbol);
    }

    @Query(() => String)
    @fallback((symbol: string) => `${symbol} of yesterday`, own)
    @circuitBreaker({ name: 'below', failureThreshold: 2, ...own })
    below(@Args('symbol') symbol: string): Promise<string> {
      return this.upstream.ask(symbol);
    }

    @retryWithBackoff({ maxAttempts: 1, ...own })
    @Query(() => Quote)
    @timeout({ ms: 5_000, ...own })
    async quote(@Args('symbol') symbol: string): Promise<{ symbol: string }> {
      return { symbol };
    }

    @cached({ key: ({ symbol }: { symbol: string }) => symbol, ...own })
    @ResolveField(() => String)
    price(@Parent() { symbol }: { symbol: string }): Promise<string> {
      return this.upstream.ask(symbol);
    }

    @Mutation(() => String)
    @rateLimit({ limit: 1, intervalMs: 60_000, ...own })
    async order(@Args('symbol') symbol: string, @Args('count') count: number): Promise<string> {
      this.orders.push(symbol);
      return `${count} × ${symbol}`;
    }

    @timeout({ ms: 50, ...own })
    @Query(() => String)
    slow(): Promise<string> {
      return never();
    }

    @Query(() => String)
    @deadline({ ms: 50, ...own })
    late(): Promise<string> {
      return never();
    }

    @cached(own)
    @Query(() => String)
    async bare(): Promise<string> {
      return 'never';
    }

    @Query(() => String, { nullable: true })
    @UseFilters(HoldfastExceptionFilter)
    spare(): string {
      return this.full();
    }

    @Query(() => String)
    full(): string {
      throw new BulkheadFullError('slots of the secret pool are taken', { policy: 'bulkhead', policyName: 'secret' });
    }
  }

  @Resolver()
  @Injectable({ scope: Scope.REQUEST })
  class VisitorResolver {
    static made = 0;
    readonly number = ++VisitorResolver.made;

    constructor(
      private readonly upstream: Upstream,
      @Inject(CONTEXT) private readonly context: { reply: { request: { url: string } } },
    ) {}

    @circuitBreaker({ failureThreshold: 2, ...own })
    @Query(() => String)
    async visit(@Args('symbol') symbol: string): Promise<string> {
      return `${await this.upstream.ask(symbol)} for visitor ${this.number} at ${this.context.reply.request.url}`;
    }
  }

  @Resolver()
  class EveryPolicyResolver {
    @batched({ maxSize: 1, ...own })
    @Query(() => [String])
    async batched(@Args('names', { type: () => [String] }) names: string[]): Promise<string[]> {
      return names.map((name) => `${name} served`);
    }
    @adaptiveLimit(own) @Query(() => String) async adaptiveLimit(): Promise<string> {
      return 'served';
    }
    @Query(() => String) @bulkhead(own) async bulkhead(): Promise<string> {
      return 'served';
    }
    @cached(own) @Query(() => String) async cached(@Args('n', { nullable: true }) _n?: string): Promise<string> {
      return 'served';
    }
    @Query(() => String) @chaos({ enabled: true, ...own }) async chaos(): Promise<string> {
      return 'served';
    }
    @circuitBreaker(own) @Query(() => String) async circuitBreaker(): Promise<string> {
      return 'served';
    }
    @Query(() => String) @coalesce({ key: () => '', ...own }) async coalesce(): Promise<string> {
      return 'served';
    }
    @deadLetter(own) @Query(() => String) async deadLetter(): Promise<string> {
      return 'served';
    }
    @Query(() => String) @deadline({ ms: 1_000, ...own }) async deadline(): Promise<string> {
      return 'served';
    }
    @fallback.value('spare', own) @Query(() => String) async fallback(): Promise<string> {
      return 'served';
    }
    @Query(() => String) @hedge(own) async hedge(): Promise<string> {
      return 'served';
    }
    @invalidates({ cache: 'quotes', pattern: '*', ...own }) @Query(() => String) async invalidates(): Promise<string> {
      return 'served';
    }
    @rateLimit({ limit: 5, ...own }) @Query(() => String) async rateLimit(): Promise<string> {
      return 'served';
    }
    @Query(() => String) @resilient({ circuitBreaker: true, retry: true, ...own }) async resilient(): Promise<string> {
      return 'served';
    }
    @retryWithBackoff(own) @Query(() => String) async retry(): Promise<string> {
      return 'served';
    }
    @Query(() => String) @shed(own) async shed(): Promise<string> {
      return 'served';
    }
    @throttle({ maxConcurrent: 2, ...own }) @Query(() => String) async throttle(): Promise<string> {
      return 'served';
    }
    @Query(() => String) @timed(own) async timed(): Promise<string> {
      return 'served';
    }
    @timeout(own) @Query(() => String) async timeout(): Promise<string> {
      return 'served';
    }
  }

  @Module({
    imports: [
      HoldfastModule.forRoot({ registry, ...options }),
      GraphQLModule.forRoot({ driver, autoSchemaFile: true }),
    ],
    providers: [Upstream, QuotesResolver, VisitorResolver, EveryPolicyResolver],
  })
  class ResolversModule {}

  return { ResolversModule, QuotesResolver, VisitorResolver, Upstream, clock, registry };
}
