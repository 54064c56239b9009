import { batched, Registry } from 'holdfast';
import { ManualClock } from 'holdfast/testing';

const clock = new ManualClock();
const registry = new Registry({ clock });

class Hosts {
  requests: string[] = [];

  // A list in, one result for each out: the method keeps its type, and concurrent calls become one.
  @batched({ maxSize: 4, maxWaitMs: 10, registry })
  async load(names: string[]): Promise<(string | Error)[]> {
    this.requests.push(names.join('+'));
    return names.map((name) => (name === 'gone' ? new Error('no such host') : name.toUpperCase()));
  }
}

const hosts = new Hosts();
const answers = Promise.all([hosts.load(['web1', 'web2']), hosts.load(['db'])]);
await clock.advance(10);
console.log(await answers, hosts.requests); // → [ [ 'WEB1', 'WEB2' ], [ 'DB' ] ] [ 'web1+web2+db' ]

// An Error in a place is for the caller whose item it stands for, and for nobody else.
const gone = hosts.load(['gone']).catch((error: Error) => error.message);
const found = hosts.load(['web3']);
await clock.advance(10);
console.log(await gone, await found); // → no such host [ 'WEB3' ]

// A full batch does not wait, and a long list is split.
const many = hosts.load(['a', 'b', 'c', 'd', 'e']);
await clock.advance(10);
console.log(await many, hosts.requests.slice(2)); // → [ 'A', 'B', 'C', 'D', 'E' ] [ 'a+b+c+d', 'e' ]

// For callers who have one item each.
const square = batched.single({ maxWaitMs: 10, registry })(async function squares(numbers: number[]) {
  console.log(`one call for ${numbers}`); // → one call for 2,3,4
  return numbers.map((number) => number ** 2);
});
const squares = Promise.all([2, 3, 4].map((number) => square(number)));
await clock.advance(10);
console.log(await squares); // → [ 4, 9, 16 ]
