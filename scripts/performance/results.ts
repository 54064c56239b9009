import { readFileSync } from 'node:fs';

/** Where and when a result came about. */
export interface Circumstances {
  readonly date: string;
  readonly node: string;
  readonly machine: { cpu: string; cores: number; memoryGb: number; platform: string };
  readonly loadOneMinute: number;
  readonly versions: Record<string, string>;
}

/** A case of one library, in times of the bare call. */
export interface CaseRow {
  readonly group: string;
  readonly name: string;
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  /** Above the bare synchronous call, with its 95 % interval. */
  readonly overNs: number;
  readonly overNsLow: number;
  readonly overNsHigh: number;
}

/** What more than one library does: the library's case, and those of the others, the fastest first. */
export interface Job {
  readonly name: string;
  /** Whether it is told in times of the bare call, or in ns above the bare synchronous one. */
  readonly unit: 'times' | 'ns';
  /** On Node 20, for some: the most that the library's may cost. */
  readonly gate?: { most: number; met: boolean };
  readonly own?: CaseRow;
  readonly others: readonly CaseRow[];
}

/** What a random stack adds to the bare call, and what its policies add alone. */
export interface StackRow {
  readonly name: string;
  readonly added: number;
  readonly alone: number;
  readonly times: number;
  readonly met: boolean;
}

/** What tells a good run from a bad one. */
export interface Canary {
  readonly again: number;
  readonly asyncLayer: number;
  readonly sharedThen: number;
  readonly bareNs: number;
}

export interface PoliciesResult extends Circumstances {
  readonly plan: { processes: number; rounds: number; seed: number };
  /** Of the copy of Node that was taken, and of each process that counts. */
  readonly binary: Canary;
  readonly canaries: readonly Canary[];
  /** Processes that were void and left out; most were run again, so many of the planned were given up in the end. */
  readonly voided: number;
  readonly givenUp: number;
  readonly sound: boolean;
  /** Groups whose processes were all void. */
  readonly missing: readonly string[];
  readonly jobs: readonly Job[];
  /** The library's stack of five beside that of the best peer: so many times less, and how many it must be. */
  readonly bestPeer?: { group: string; times: number; gate: number; met: boolean };
  /** The most that a random stack may add, in times of what its policies add alone. */
  readonly stackGate: number;
  /** The dearest first. */
  readonly stacks: readonly StackRow[];
}

/** A point of a curve; `control` is the same without the library. */
export interface CurvePoint {
  readonly size: number;
  readonly ns: number;
  readonly control?: number;
}

export interface Curve {
  readonly name: string;
  readonly of: string;
  readonly order: string;
  /** The most that the largest point may take; the most that one may take, in times of another. */
  readonly mostMs?: number;
  readonly mostTimes?: { from: number; to: number; times: number };
  readonly slope: number;
  readonly holds: boolean;
  readonly points: readonly CurvePoint[];
}

export interface CurvesResult extends Circumstances {
  readonly curves: readonly Curve[];
}

interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

interface Served {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuUs: number;
  readonly gcShare: number;
  readonly delayP99Ms: number;
}

type ToBare = Record<'perSecond' | 'p99Ms' | 'cpuUs', Interval>;

/** A handler under load: bare, bare again, and with five policies of the library, by hand, or of a peer. */
export type HandlerPath = 'bare' | 'again' | 'five' | 'by-hand' | 'mollitia';

/** What was measured on each path that the run had; each but the bare one by the bare one of the same round. */
interface Load extends Partial<Record<HandlerPath, Served>> {
  readonly rate?: number;
  readonly ratios: Partial<Record<HandlerPath, ToBare>>;
}

export interface HttpResult extends Circumstances {
  /** The most CPU that a decorated request may take at the fixed rate, in times of the bare one's. */
  readonly gate: number;
  readonly plan: { rounds: number; seconds: number; connections: number };
  readonly full: Load;
  readonly fixed: Load;
  /** Whether the gate holds; not decidable where the bare handler's two paths differ by more than it allows. */
  readonly cpu: 'ok' | 'OVER' | 'not decidable';
}

export interface ImportsResult extends Circumstances {
  readonly imports: readonly { name: string; ms: number; low: number; high: number }[];
}

export interface SizesResult {
  readonly whole: number;
  readonly alone: Record<string, number>;
  readonly loaded: Record<string, { modules: number; bytes: number }>;
  readonly peersAlone: Record<string, Record<string, number>>;
  readonly peers: Record<string, { gzipped: number; modules: number; bytes: number }>;
}

export interface MemoryResult extends Circumstances {
  /** For each job, and each key of a breaker: bytes kept by the library, the most they may be, and those of the others. */
  readonly kept: readonly {
    name: string;
    bytes: number;
    gate: number;
    met: boolean;
    others: Record<string, number>;
  }[];
}

export interface SoakResult extends Circumstances {
  readonly plan: { calls: number };
  readonly seconds: number;
  readonly tally: Record<string, number>;
  readonly left: { timers: number; handles: number };
  readonly growthMb: number;
  readonly flat: Record<string, boolean>;
  readonly samples: readonly { calls: number; heapMb: number; timers: number; handles: number }[];
}

interface Results {
  readonly 'policies-20': PoliciesResult;
  readonly 'policies-22': PoliciesResult;
  readonly 'policies-24': PoliciesResult;
  readonly curves: CurvesResult;
  readonly http: HttpResult;
  readonly imports: ImportsResult;
  readonly memory: MemoryResult;
  readonly sizes: SizesResult;
  readonly soak: SoakResult;
}

/** What a run has written. */
export function resultOf<Name extends keyof Results>(name: Name): Results[Name] {
  return JSON.parse(readFileSync(`bench/results/${name}.json`, 'utf8')) as Results[Name];
}
