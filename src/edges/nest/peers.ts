/** What the edge needs of NestJS. */
export interface Peers {
  readonly common: typeof import('@nestjs/common');
  readonly core: typeof import('@nestjs/core');
  readonly rxjs: typeof import('rxjs');
}

const INSTALL = 'npm install @nestjs/common @nestjs/core reflect-metadata rxjs';

/**
 * Loads NestJS. It is not imported above, so that its absence can be told in words; and not awaited there, so that
 * CommonJS can `require` this package.
 * @throws {Error} with the command that installs it, where it is absent
 */
export function loadPeers(): Promise<Peers> {
  return orInstall(async () => {
    await import('reflect-metadata');
    return {
      common: await import('@nestjs/common'),
      core: await import('@nestjs/core'),
      rxjs: await import('rxjs'),
    };
  });
}

/** Says how to install what a load does not find; other errors are left as they are. */
export async function orInstall<Loaded>(load: () => Promise<Loaded>): Promise<Loaded> {
  try {
    return await load();
  } catch (error) {
    const { code } = Object(error) as { code?: unknown };
    if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') throw error;
    throw new Error(`holdfast/nest stands on NestJS, which is not installed: ${INSTALL}`, { cause: error });
  }
}
