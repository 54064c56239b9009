import { setTimeout as sleep } from 'node:timers/promises';
import { Health, registry } from 'holdfast';
import { heapMb } from './host-service/heap.js';
import { HostService } from './host-service/host-service.js';
import { HostsApi } from './host-service/hosts-api.js';
import { HostsServer } from './host-service/hosts-server.js';
import { progressBar } from './host-service/progress-bar.js';

// 100 000 hosts on a real HTTP server in a process of its own, which fails now and then.
await using server = await HostsServer.start();
const api = new HostsApi(server.url);
const service = new HostService(api);

// Streamed: a batch at a time, and memory stays flat. Three pages failed, and were asked for again.
let [hosts, retries, heapBefore] = [0, 0, 0];
registry.on('call:retry', () => void retries++);
for await (const { items, batchNumber } of service.streamHosts()) {
  hosts += items.length;
  if (batchNumber === 20) heapBefore = heapMb();
}
console.log(hosts, retries, heapMb() - heapBefore < 2 ? 'flat' : 'grown'); // → 100000 3 flat
for await (const { items } of service.streamHosts({ search: 'db*', batchSize: 6_000 })) console.log(items.length);
// → 6000
// → 4000
let problems = 0;
for await (const { items } of service.streamServices(['CRITICAL', 'WARNING'])) problems += items.length;
console.log(problems); // → 250

// Cached: asked for a thousand times, fetched once; a change lets it go.
const begun = api.requests;
for (let time = 0; time < 1_000; time++) await service.getHost('web00042');
console.log(api.requests - begun, (await service.getHost('web00042')).cpus); // → 1 8
await service.updateHost('web00042', { cpus: 64 });
console.log((await service.getHost('web00042')).cpus); // → 64

// Batched: 20 at once, 100 a second. Of 150 two are tried again, one is not valid, one is there already.
const fresh = Array.from({ length: 148 }, (_, index) => ({ name: `new${String(index).padStart(3, '0')}`, cpus: 4 }));
const given = [...fresh, { name: 'bad', cpus: 0 }, { name: 'web00001', cpus: 2 }];
const created = await service.bulkCreate(given, progressBar('creating', process.stdout)); // drawn on a terminal alone
const seldom = created.items.filter(({ status, attempts }) => status !== 'success' || attempts > 1);
console.log(seldom.map(({ status, attempts }) => `${status} ${attempts}`).join()); // → success 2,success 2,skipped 0,failed 1

// Recovered: while the server is down the fallback answers, the open circuit spares it, and the cache has what it had.
service.fallbacks.register('getHostStatus', (name: string) => ({ name, status: 'unknown' }));
const health = new Health();
await server.turn('down');
const before = api.requests;
for (let time = 0; time < 20; time++) await service.getHostStatus('web00042');
console.log(await service.getHostStatus('web00042'), api.requests - before); // → { name: 'web00042', status: 'unknown' } 5
console.log((await service.getHost('web00042')).cpus, (await health.ready()).status); // → 64 degraded
await server.turn('up');
await sleep(1_500);
console.log(await service.getHostStatus('web00042'), await service.getHostStatus('web00042'));
// → { name: 'web00042', status: 'up' } { name: 'web00042', status: 'up' }
console.log((await health.ready()).status); // → up

// Metered: every request that was made for it, good or not.
const { getHostStatus, changeHost } = service.metrics.stats().timings;
console.log(getHostStatus?.totalCalls, getHostStatus?.errors, changeHost?.totalCalls, changeHost?.errors); // → 7 5 152 3
