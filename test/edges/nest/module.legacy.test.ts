import 'reflect-metadata';
import type { ArgumentsHost, DynamicModule, INestApplicationContext, Type } from '@nestjs/common';
import { Controller, Get, Inject, Injectable, Module, UseFilters } from '@nestjs/common';
import { APP_FILTER, ExternalContextCreator, NestFactory } from '@nestjs/core';
import {
  type CircuitBreaker,
  circuitBreaker,
  RateLimitedError,
  Registry,
  registry as shared,
  SendBuffer,
  TimeoutError,
} from 'holdfast';
import {
  HoldfastExceptionFilter,
  HoldfastHealthIndicator,
  HoldfastModule,
  type HoldfastOptions,
  HoldfastService,
} from 'holdfast/nest';
import { isObservable, lastValueFrom, type Observable, throwError } from 'rxjs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { orInstall } from '../../../src/edges/nest/peers.js';

const open: INestApplicationContext[] = [];
afterEach(async () => {
  for (const app of open.splice(0)) await app.close();
});

/** An application without HTTP, of which the module is all that is imported. */
async function start(imported: Promise<DynamicModule>, ...providers: Type[]): Promise<INestApplicationContext> {
  @Module({ imports: [imported], providers })
  class App {}
  const app = await NestFactory.createApplicationContext(App, { logger: false, abortOnError: false });
  open.push(app);
  return app;
}

describe('the registry', () => {
  test('is injected by its class, wherever it is asked for', async () => {
    @Injectable()
    class Reader {
      constructor(readonly registry: Registry) {}
    }
    const registry = new Registry();

    const app = await start(HoldfastModule.forRoot({ registry }), Reader);

    expect(app.get(Reader).registry).toBe(registry);
  });

  test('is the shared one unless another is given', async () => {
    const app = await start(HoldfastModule.forRoot({ onShutdown: 'leave' }));

    expect(app.get(Registry)).toBe(shared);
    await app.close();
    expect(shared.closed).toBe(false);
  });

  test('is closed with the last application that uses it', async () => {
    const registry = new Registry();
    const first = await start(HoldfastModule.forRoot({ registry }));
    const second = await start(HoldfastModule.forRoot({ registry }));

    await first.close();
    expect(registry.closed).toBe(false);
    await second.close();
    expect(registry.closed).toBe(true);
  });

  test('stays open at shutdown where it is to be left', async () => {
    const registry = new Registry();
    const app = await start(HoldfastModule.forRoot({ registry, onShutdown: 'leave' }));

    await app.close();

    expect(registry.closed).toBe(false);
  });

  test('that is closed already is refused when the application starts', async () => {
    const registry = new Registry();
    await registry.close();

    await expect(start(HoldfastModule.forRoot({ registry }))).rejects.toThrow('the registry is closed');
  });

  test('is still open while other providers are destroyed', async () => {
    const registry = new Registry();
    const seen: boolean[] = [];
    @Injectable()
    class LastWords {
      onModuleDestroy(): void {
        seen.push(registry.closed);
      }
      beforeApplicationShutdown(): void {
        seen.push(registry.closed);
      }
    }
    const app = await start(HoldfastModule.forRoot({ registry }), LastWords);

    await app.close();

    expect(seen).toEqual([false, false]);
    expect(registry.closed).toBe(true);
  });
});

describe('forRootAsync', () => {
  test('takes its options from a factory, and what is injected into it', async () => {
    @Injectable()
    class Settings {
      readonly preset = 'production';
      readonly registry = new Registry();
    }
    @Module({ providers: [Settings], exports: [Settings] })
    class SettingsModule {}

    const app = await start(
      HoldfastModule.forRootAsync({
        imports: [SettingsModule],
        inject: [Settings],
        useFactory: async ({ preset, registry }: Settings): Promise<HoldfastOptions> => ({ preset, registry }),
      }),
    );

    expect(app.get(HoldfastService).preset).toBe('production');
    expect(app.get(Registry)).toBe(app.get(Settings, { strict: false }).registry);
    const { registry } = app.get(HoldfastService);
    await app.close();
    expect(registry.closed).toBe(true);
  });

  test('refuses what its factory gives as forRoot would', async () => {
    const useFactory = () => ({ regsitry: new Registry() }) as HoldfastOptions;

    await expect(start(HoldfastModule.forRootAsync({ useFactory }))).rejects.toThrow('did you mean `registry`?');
  });
});

describe('options', () => {
  test.each<[string, object, string]>([
    ['one that does not exist', { config: 'holdfast.yaml' }, 'unknown option `config`'],
    ['a registry that is none', { registry: {} }, '`registry` takes a Registry'],
    ['a preset that does not exist', { preset: 'prod' }, "`preset` takes 'production'"],
    ['another word', { onShutdown: 'open' }, "`onShutdown` takes 'close' or 'leave'"],
    ['a filter of its own', { exceptionFilter: true }, '`exceptionFilter` takes'],
  ])('%s is refused', async (_, options, message) => {
    await expect(HoldfastModule.forRoot(options)).rejects.toThrow(message);
  });

  test.each<[string, object, string]>([
    ['no factory', {}, '`useFactory` must be given'],
    ['a registry beside the factory', { useFactory: () => ({}), registry: shared }, 'unknown option `registry`'],
    ['no array of modules', { useFactory: () => ({}), imports: {} }, '`imports` takes an array of modules'],
    ['no array of tokens', { useFactory: () => ({}), inject: 'x' }, '`inject` takes an array of tokens'],
  ])('%s is refused by forRootAsync', async (_, options, message) => {
    await expect(HoldfastModule.forRootAsync(options as never)).rejects.toThrow(message);
  });
});

describe('HoldfastService', () => {
  const started = async () => {
    const registry = new Registry();
    const app = await start(HoldfastModule.forRoot({ registry, preset: 'production' }));
    return { registry, holdfast: app.get(HoldfastService) };
  };

  test('makes policies with the preset and the registry of the module', async () => {
    const { registry, holdfast } = await started();

    const ask = holdfast.resilient({ retry: false, fallback: async () => 'answer' })(async function ask() {
      throw new Error('down');
    } as () => Promise<string>);

    expect(await ask()).toBe('answer');
    expect(registry.breakers.get('ask')?.snapshot()).toMatchObject({ failedCalls: 1 });
    expect(holdfast.resilient().options).toMatchObject({ preset: 'production', registry });
  });

  test('lets options that are given win', async () => {
    const { holdfast } = await started();
    const other = new Registry();

    const { options } = holdfast.resilient({ preset: 'low-latency', registry: other });

    expect(options).toMatchObject({ preset: 'low-latency', registry: other });
  });

  test('says so where there is neither a preset nor a policy', async () => {
    const app = await start(HoldfastModule.forRoot({ registry: new Registry() }));

    expect(() => app.get(HoldfastService).resilient()).toThrow('at least one policy');
  });
});

describe('health', () => {
  const health = async () => {
    const registry = new Registry();
    for (const name of ['crm', 'mail']) circuitBreaker({ name, registry })(() => 1);
    const app = await start(HoldfastModule.forRoot({ registry }));
    return { registry, indicator: app.get(HoldfastHealthIndicator) };
  };

  test('is up while no breaker is open', async () => {
    const { indicator } = await health();

    expect(indicator.check()).toEqual({ holdfast: { status: 'up', breakers: { crm: 'closed', mail: 'closed' } } });
  });

  const fail = (): never => {
    throw new Error('down');
  };

  test.each<[string, (breaker: CircuitBreaker) => void]>([
    ['isolated', (breaker) => breaker.isolate()],
    ['open', (breaker) => [1, 2, 3, 4, 5].forEach(() => expect(() => breaker.call(fail)).toThrow('down'))],
  ])('is down when one is %s', async (state, breakIt) => {
    const { registry, indicator } = await health();

    breakIt(registry.breakers.get('crm')?.for('') as CircuitBreaker);

    expect(indicator.check('policies')).toEqual({
      policies: { status: 'down', breakers: { crm: state, mail: 'closed' }, message: 'not closed: crm' },
    });
  });

  test('hangs on the breakers that are named alone', async () => {
    const { registry, indicator } = await health();
    registry.breakers.get('crm')?.isolate();

    expect(indicator.check('holdfast', { breakers: ['mail'] })).toEqual({
      holdfast: { status: 'up', breakers: { mail: 'closed' } },
    });
  });

  test('is degraded where that is asked for', async () => {
    const { registry, indicator } = await health();
    registry.breakers.get('crm')?.isolate();

    expect(indicator.check('holdfast', { whenOpen: 'degraded' })).toHaveProperty('holdfast.status', 'degraded');
  });

  test.each(['disable', 'shadow'] as const)('is up with a breaker that lets calls through: %s', async (act) => {
    const { registry, indicator } = await health();
    registry.breakers.get('crm')?.[act]();

    expect(indicator.check()).toHaveProperty('holdfast.status', 'up');
  });

  test('is down from the moment on in which the registry begins to close', async () => {
    const { registry, indicator } = await health();
    let sent: () => void = () => {};
    const sending = new Promise<void>((resolve) => (sent = resolve));
    const buffer = new SendBuffer<number>({ name: 'readings', send: () => sending, registry });
    buffer.enable({ keeps: 'all' });
    await buffer.add(1);
    const closing = registry.close();

    expect(indicator.check()).toMatchObject({ holdfast: { status: 'down', message: 'the registry is closing' } });
    sent();
    await closing;
  });

  test('is down once the registry is closed', async () => {
    const { registry, indicator } = await health();
    await registry.close();

    expect(indicator.check()).toMatchObject({ holdfast: { status: 'down', message: 'the registry is closed' } });
  });

  test('refuses options that are not as they should be', async () => {
    const { indicator } = await health();

    expect(() => indicator.check('holdfast', { breakers: 'crm' } as never)).toThrow(
      '`breakers` takes an array of names',
    );
  });
});

describe('the exception filter', () => {
  const timedOut = new TimeoutError('out of time', { policy: 'timeout', policyName: 'x' });

  const hostOf = (type: string) => ({ getType: () => type }) as unknown as ArgumentsHost;

  test('hands the error on elsewhere than over HTTP, in GraphQL and in microservices', () => {
    const filter = new HoldfastExceptionFilter({ httpAdapter: {} as never }, { throwError });

    expect(() => filter.catch(timedOut, hostOf('ws'))).toThrow(timedOut);
  });

  test('hands the error on in microservices where it was made without rxjs', () => {
    const filter = new HoldfastExceptionFilter({ httpAdapter: {} as never });

    expect(() => filter.catch(timedOut, hostOf('rpc'))).toThrow(timedOut);
  });

  test.each([
    [timedOut, { code: 'ERR_TIMEOUT', statusCode: 504, message: 'Try again later' }],
    [
      new RateLimitedError('over', { policy: 'rateLimit', policyName: 'x', retryAfterMs: 1_500 }),
      { code: 'ERR_RATE_LIMITED', statusCode: 429, message: 'Try again in 2 s', retryAfterSeconds: 2 },
    ],
  ])('answers a message with a stream that ends with what is to be told: %s', async (error, told) => {
    const app = await start(HoldfastModule.forRoot({ registry: new Registry() }));
    const fail = (): never => {
      throw error;
    };
    // What NestJS makes of the handler of a message, its global filters round it.
    const contexts = app.get(ExternalContextCreator);
    const handler = contexts.create(
      { fail },
      fail,
      'fail',
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      'rpc',
    );

    const answer: unknown = await handler();

    expect(isObservable(answer)).toBe(true);
    const ended = lastValueFrom(answer as Observable<unknown>);
    await expect(ended).rejects.toEqual({ status: 'error', retryAfterSeconds: undefined, ...told });
  });

  test('ends a response whose head is sent already', () => {
    const httpAdapter = { isHeadersSent: () => true, end: vi.fn(), setHeader: vi.fn(), reply: vi.fn() };
    const response = {};
    const host = { getType: () => 'http', switchToHttp: () => ({ getResponse: () => response }) };

    new HoldfastExceptionFilter({ httpAdapter }).catch(timedOut, host as unknown as ArgumentsHost);

    expect(httpAdapter.end).toHaveBeenCalledWith(response);
    expect(httpAdapter.reply).not.toHaveBeenCalled();
  });

  test.each([
    [0, '1'],
    [1_000, '1'],
    [1_001, '2'],
    [undefined, undefined],
    [Infinity, undefined],
  ])('after %s ms is told as %s s', (retryAfterMs, told) => {
    const httpAdapter = { isHeadersSent: () => false, end: vi.fn(), setHeader: vi.fn(), reply: vi.fn() };
    const host = { getType: () => 'http', switchToHttp: () => ({ getResponse: () => ({}) }) };
    const error = new RateLimitedError('over', { policy: 'rateLimit', policyName: 'x', retryAfterMs });

    new HoldfastExceptionFilter({ httpAdapter }).catch(error, host as unknown as ArgumentsHost);

    expect(httpAdapter.setHeader.mock.calls[0]?.[2]).toBe(told);
  });

  test('answers only where it is named, if it is not to answer for all', async () => {
    const registry = new Registry();
    const fail = (): never => {
      throw timedOut;
    };
    @Controller('bare')
    class Bare {
      @Get() get(): string {
        return fail();
      }
    }
    @Controller('named')
    @UseFilters(HoldfastExceptionFilter)
    class Named {
      @Get() get(): string {
        return fail();
      }
      @Get('own') own(): string {
        throw new Error('of its own');
      }
    }
    @Module({
      imports: [HoldfastModule.forRoot({ registry, exceptionFilter: 'none' })],
      controllers: [Bare, Named],
    })
    class App {}
    const app = await NestFactory.create(App, { logger: false });
    open.push(app);
    await app.listen(0, '127.0.0.1');
    const statusOf = async (path: string) =>
      (await fetch(`${await app.getUrl()}/${path}`, { headers: { connection: 'close' } })).status;

    expect(await Promise.all(['bare', 'named', 'named/own'].map(statusOf))).toEqual([500, 504, 500]);
  });

  test('stands under the token of global filters otherwise', async () => {
    const { providers } = await HoldfastModule.forRoot();

    expect(providers).toContainEqual({ provide: APP_FILTER, useExisting: HoldfastExceptionFilter });
  });
});

describe('without NestJS', () => {
  test.each(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'])(
    '%s is told with the command that installs it',
    async (code) => {
      const cause = Object.assign(new Error('Cannot find package'), { code });

      const loading = orInstall(() => Promise.reject(cause));

      await expect(loading).rejects.toThrow('npm install @nestjs/common @nestjs/core reflect-metadata rxjs');
      await expect(loading).rejects.toMatchObject({ cause });
    },
  );

  test.each([new Error('broken'), 'text', null])('other errors are left as they are: %s', async (error) => {
    await expect(orInstall(() => Promise.reject(error))).rejects.toBe(error);
  });
});

test('the module can be injected into by token as well', async () => {
  @Injectable()
  class Reader {
    constructor(@Inject(HoldfastService) readonly service: HoldfastService) {}
  }
  const app = await start(HoldfastModule.forRoot({ registry: new Registry() }), Reader);

  expect(app.get(Reader).service).toBe(app.get(HoldfastService));
});
