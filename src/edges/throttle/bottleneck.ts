import type Bottleneck from 'bottleneck';

/** A limiter of bottleneck. */
export type Limiter = Bottleneck;

/** The class of them. */
export type LimiterClass = typeof Bottleneck;

/** What the runtime gives without an import, so that the types of the core stay free of those of Node. */
declare const process: {
  getBuiltinModule(id: 'node:module'): { createRequire(from: string): (specifier: string) => unknown };
};

const INSTALL = 'npm install bottleneck';

/**
 * Loads bottleneck, at once: who lacks it hears of that where the policy is made, not at the first call.
 * @throws {Error} with the command that installs it, where it is absent
 */
export function loadBottleneck(load: () => unknown = required): LimiterClass {
  try {
    return load() as LimiterClass;
  } catch (error) {
    const { code } = Object(error) as { code?: unknown };
    if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') throw error;
    throw new Error(`holdfast/throttle stands on bottleneck, which is not installed: ${INSTALL}`, { cause: error });
  }
}

function required(): unknown {
  return process.getBuiltinModule('node:module').createRequire(import.meta.url)('bottleneck');
}
