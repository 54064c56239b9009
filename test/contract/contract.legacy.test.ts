import { describe } from 'vitest';
import { callsContract } from './calls.js';
import { functions } from './function-faces.js';
import { legacyFaces } from './legacy-faces.js';
import { looksContract } from './looks.js';
import { stateContract } from './state.js';

const faces = [...legacyFaces, ...functions];

describe('the calls of', () => callsContract(faces));
describe('the looks of', () => looksContract(faces));
describe('the state of', () => stateContract(faces));
