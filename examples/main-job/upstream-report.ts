/** The two who call the upstream, by the name they send with each request. */
export const SIDES = ['bare', 'protected'] as const;

/** One of the two. */
export type SideName = (typeof SIDES)[number];

/** The header that says which side a request comes from. */
export const SIDE_HEADER = 'x-client';

/** What the upstream had to bear from one side. */
export interface Borne {
  /** Every request, retries included. */
  readonly requests: number;
  /** Those that came while it was down. */
  readonly whileDown: number;
  /** Orders it has taken, each counted once however often it was sent. */
  readonly orders: number;
}

/** What the upstream knows of itself. */
export interface UpstreamReport {
  /** What it is going through. */
  readonly phase: string;
  /** How long that lasts yet, in ms; undefined when nobody knows. */
  readonly phaseLeftMs: number | undefined;
  readonly bare: Borne;
  readonly protected: Borne;
}

/** From the process of the upstream to the one that started it. */
export type FromUpstream =
  | { readonly type: 'listening'; readonly port: number }
  | { readonly type: 'failed'; readonly code: string }
  | { readonly type: 'report'; readonly report: UpstreamReport; readonly answers?: number };

/** The other way. */
export type ToUpstream = { readonly type: 'begin' } | { readonly type: 'ask'; readonly question: number };
