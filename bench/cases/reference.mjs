import { asyncTarget, syncTarget } from '../loops.mjs';

/** What every process measures: the unit, the same again, and two layers by hand that tell a good run from a bad one. */
export function referenceCases() {
  return [
    { name: 'bare', kind: 'async', call: asyncTarget() },
    { name: 'bare again', kind: 'async', call: asyncTarget() },
    { name: 'async layer', kind: 'async', call: asyncLayer(asyncTarget()) },
    { name: 'shared then', kind: 'async', call: sharedThen(asyncTarget()) },
    { name: 'bare sync', kind: 'sync', call: syncTarget() },
    { name: 'sync again', kind: 'sync', call: syncTarget() },
  ];
}

function asyncLayer(target) {
  return async (x) => await target(x);
}

function sharedThen(target) {
  const done = (value) => value;
  const failed = (error) => {
    throw error;
  };
  return (x) => target(x).then(done, failed);
}
