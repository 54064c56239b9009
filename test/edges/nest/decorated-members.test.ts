import 'reflect-metadata';
import { Injectable, Module, Scope } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { circuitBreaker, protect, Registry, timed } from 'holdfast';
import { HoldfastModule, HoldfastService } from 'holdfast/nest';
import { expect, test } from 'vitest';

// A TC39 decorator does not know its class: without the module its name is found at the first call.
test('members with TC39 decorators are named at start, on whatever kind of provider they stand', async () => {
  const registry = new Registry();
  const breaker = () => circuitBreaker({ registry });
  class Base {
    @breaker() inherited(): void {}
  }
  @Injectable()
  class Service extends Base {
    @breaker() @timed({ registry }) method(): void {}
    @breaker() static ofClass(): void {}
    @breaker() get getter(): number {
      return 1;
    }
  }
  @Injectable({ scope: Scope.REQUEST })
  class PerRequest {
    @breaker() method(): void {}
  }
  class Made {
    @breaker() method(): void {}
  }
  class Given {
    @breaker() method(): void {}
  }
  class Sdk {
    send(): void {}
  }
  protect(Sdk.prototype, { send: breaker() });
  class App {}
  Module({
    imports: [HoldfastModule.forRoot({ registry })],
    providers: [
      Service,
      PerRequest,
      { provide: 'made', useFactory: () => new Made() },
      { provide: 'given', useValue: new Given() },
      { provide: 'sdk', useValue: new Sdk() },
    ],
  })(App);
  expect(registry.breakers.names()).toEqual(['Sdk.send']);

  const app = await NestFactory.createApplicationContext(App, { logger: false });

  const names = ['Base.inherited', 'Given.method', 'Made.method', 'PerRequest.method', 'Sdk.send'];
  const ofService = ['Service.getter', 'Service.method', 'Service.ofClass'];
  expect(registry.breakers.names()).toEqual([...names, ...ofService]);
  const members = app.get(HoldfastService).members();
  expect(members.map(({ name }) => name)).toEqual([...names, ...ofService]);
  expect(members.at(-2)?.policies).toEqual(['circuitBreaker', 'timed']);
  await app.close();
});
