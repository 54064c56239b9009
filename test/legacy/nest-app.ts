import 'reflect-metadata';
import {
  type ArgumentMetadata,
  type ArgumentsHost,
  Catch,
  Controller,
  type ExceptionFilter,
  Get,
  Header,
  HttpCode,
  Injectable,
  Module,
  Param,
  type PipeTransform,
  Post,
  Query,
  UseFilters,
  UsePipes,
} from '@nestjs/common';
import {
  CircuitOpenError,
  cached,
  callContext,
  circuitBreaker,
  fallback,
  Registry,
  retryWithBackoff,
  timed,
  timeout,
} from '../../src/index.js';

export const registry = new Registry();

/** Something that fails as often as it is told to. */
@Injectable()
export class Upstream {
  calls = 0;
  failuresToCome = 0;

  async ask(symbol: string): Promise<string> {
    this.calls++;
    if (this.failuresToCome-- > 0) throw new Error('upstream is down');
    return `price of ${symbol}`;
  }
}

@Injectable()
export class QuotesService {
  constructor(private readonly upstream: Upstream) {}

  @retryWithBackoff({ maxAttempts: 3, baseDelayMs: 1, registry })
  @timeout({ ms: 5_000, registry })
  retried(symbol: string): Promise<string> {
    return this.upstream.ask(symbol);
  }

  @cached({ registry })
  kept(symbol: string): Promise<string> {
    return this.upstream.ask(symbol);
  }

  @circuitBreaker({ name: 'upstream', failureThreshold: 2, registry })
  guarded(symbol: string): Promise<string> {
    return this.upstream.ask(symbol);
  }
}

/** Turns a text into what the parameter is declared to be, as Nest's ValidationPipe does. */
class ByDeclaredType implements PipeTransform {
  transform(value: string, { metatype }: ArgumentMetadata): unknown {
    return metatype === Number ? Number(value) : value;
  }
}

@Catch(CircuitOpenError)
class Unavailable implements ExceptionFilter {
  catch(error: CircuitOpenError, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<{ status(code: number): { json(body: object): void } }>();
    response.status(503).json({ code: error.code });
  }
}

@Controller('quotes')
@UseFilters(Unavailable)
export class QuotesController {
  constructor(private readonly quotes: QuotesService) {}

  @timeout({ ms: 5_000, registry })
  @timed({ registry })
  @Get('above/:symbol')
  @Header('x-stands', 'above')
  above(@Param('symbol') symbol: string): Promise<string> {
    return this.quotes.retried(symbol);
  }

  @Get('below/:symbol')
  @Header('x-stands', 'below')
  @timeout({ ms: 5_000, registry })
  @timed({ registry })
  below(@Param('symbol') symbol: string): Promise<string> {
    return this.quotes.retried(symbol);
  }

  @Get('between/:symbol')
  @timed({ registry })
  @HttpCode(202)
  @fallback.catch((_error, symbol: string): string => `${symbol} of yesterday`, { registry })
  @Header('x-stands', 'between')
  async between(@Param('symbol') symbol: string): Promise<string> {
    throw new Error(`${symbol} is down`);
  }

  @timed({ registry })
  @Post('sum')
  @UsePipes(ByDeclaredType)
  sum(@Query('a') a: number, @Query('b') b: number): { sum: number; name: string } {
    return { sum: a + b, name: callContext().name };
  }

  @Get('kept/:symbol')
  kept(@Param('symbol') symbol: string): Promise<string> {
    return this.quotes.kept(symbol);
  }

  @Get('guarded/:symbol')
  guarded(@Param('symbol') symbol: string): Promise<string> {
    return this.quotes.guarded(symbol);
  }
}

@Module({ controllers: [QuotesController], providers: [QuotesService, Upstream] })
export class QuotesModule {}
