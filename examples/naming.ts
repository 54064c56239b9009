import { circuitBreaker, Registry, timed } from 'holdfast';

const registry = new Registry();
const callsOf = (name: string) => registry.breakers.get(name)?.for('').snapshot().totalCalls;

class Client {
  readonly tenant: string;

  constructor(tenant: string) {
    this.tenant = tenant;
  }

  @timed({ registry })
  @circuitBreaker({ registry })
  async load(id: string): Promise<string> {
    return `${this.tenant} ${id}`;
  }

  @circuitBreaker({ registry }) // on the same member twice: told apart
  @circuitBreaker({ failureThreshold: 50, registry })
  static async ping(): Promise<string> {
    return `${this.name} is up`;
  }
}

class Special extends Client {
  override async load(id: string): Promise<string> {
    return `special ${await super.load(id)}`;
  }
}
class Plain extends Client {}

console.log(registry.breakers.names()); // → []
console.log(await new Special('north').load('7'), await new Plain('south').load('8')); // → special north 7 south 8
console.log(await Client.ping()); // → Client is up
console.log(registry.breakers.names()); // → [ 'Client.load', 'Client.ping', 'Client.ping#circuitBreaker' ]
console.log(callsOf('Client.load')); // → 2

// A name of your own is shared by all who give it, with the same options.
const one = circuitBreaker({ name: 'crm', registry })(async () => 1);
const other = circuitBreaker({ name: 'crm', registry })(async () => 2);
await Promise.all([one(), other()]);
console.log(callsOf('crm')); // → 2
try {
  circuitBreaker({ name: 'crm', failureThreshold: 9, registry })(async () => 3);
} catch (error) {
  console.log((error as { code?: string }).code); // → ERR_NAME_TAKEN
}
