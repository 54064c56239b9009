/**
 * How bad an error is, and so what is done about it: `transient` is retried at once, `recoverable` after a delay,
 * `permanent` never, `critical` never and with an alarm.
 */
export type Severity = 'transient' | 'recoverable' | 'permanent' | 'critical';

/** Decides how bad an error is. It must take anything that can be thrown. */
export type Classify = (error: unknown) => Severity;
