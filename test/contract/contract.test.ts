import { describe } from 'vitest';
import { callsContract } from './calls.js';
import { functions } from './function-faces.js';
import { holders } from './holder-faces.js';
import { looksContract } from './looks.js';
import { getters, methods } from './method-faces.js';
import { stateContract } from './state.js';

const faces = [...methods, ...getters, ...holders, ...functions];

describe('the calls of', () => callsContract(faces));
describe('the looks of', () => looksContract(faces));
describe('the state of', () => stateContract(faces));
