import { circuitBreaker, compose, fallback, policiesOf, protect, Registry, retryWithBackoff, timed } from 'holdfast';

const registry = new Registry();

/** A client from somebody else's package: it cannot be decorated. */
class Payments {
  readonly region: string;
  failuresToCome = 0;

  constructor(region: string) {
    this.region = region;
  }

  async charge(cents: number): Promise<string> {
    if (this.failuresToCome-- > 0) throw new Error('connection reset');
    return `${cents} cents in ${this.region}`;
  }

  rate(): number {
    throw new Error('no rate today');
  }

  static async connect(region: string): Promise<Payments> {
    return new this(region);
  }
}

// Statics are protected on the class …
const onClass = protect(Payments, { connect: timed({ registry }) });
const eu = await Payments.connect('eu');

{
  // … and methods on one instance: here until the end of the block.
  using _protection = protect(eu, {
    charge: compose(circuitBreaker({ registry }), retryWithBackoff({ baseDelayMs: 1, registry })),
    rate: fallback.value(1, { registry }),
  });
  eu.failuresToCome = 2;
  console.log(await eu.charge(500), eu.rate()); // → 500 cents in eu 1
  console.log(registry.breakers.names()); // → [ 'Payments.charge' ]
  console.log(policiesOf(eu, 'charge').map(({ kind }) => kind)); // → [ 'circuitBreaker', 'retry' ]
}
console.log(Object.hasOwn(eu, 'charge')); // → false

// Several are stacked, the latest outermost; any may be taken off first. On the prototype: all instances.
const breaker = circuitBreaker({ registry });
const first = protect(Payments.prototype, { charge: breaker }, { name: 'payments' });
const second = protect(Payments.prototype, { charge: timed({ registry }) });
first.restore();
console.log(policiesOf(new Payments('us'), 'charge').map(({ kind }) => kind)); // → [ 'timed' ]
second.restore();
onClass.restore();
