export { Registry } from './registry/registry.js';
export { registry } from './registry/default-registry.js';
export { callContext } from './engine/running.js';
export { definePolicy } from './engine/define-policy.js';
export { policiesOf } from './engine/policies-of.js';
export { timeout } from './policies/timeout.js';
