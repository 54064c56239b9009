import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConfigError, loadConfig } from '../../../src/edges/config/index.js';
import type { ConfigMap } from '../../../src/edges/config/config-tree.js';
import { parseJson } from '../../../src/edges/config/json-source.js';
import { loadYaml } from '../../../src/edges/config/yaml-source.js';
import { bulkhead, circuitBreaker, Registry, timeout } from '../../../src/index.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-config-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function messageOf(loading: Promise<unknown>): Promise<string> {
  return loading.then(
    () => 'nothing is wrong',
    (error: Error) => error.message,
  );
}

const YAML = `# The high-performance configuration of seed 001
advanced_features:
  streaming:
    default_batch_size: 500
    max_concurrent_batches: 10

  caching:
    max_size: 10000
    default_ttl: 600

  recovery:
    circuit_breaker:
      failure_threshold: 10
      recovery_timeout: 30
    retry:
      max_retries: 5
      base_delay: 0.5
policies:
  Quotes.price:
    timeout: &short { ms: 50 }
  Quotes.history:
    timeout: *short
    retry: false
`;

const JSON_TEXT = `{
  "advanced_features": {
    "streaming": { "default_batch_size": 500, "max_concurrent_batches": 10 },
    "caching": { "max_size": 10000, "default_ttl": 600 },
    "recovery": {
      "circuit_breaker": { "failure_threshold": 10, "recovery_timeout": 30 },
      "retry": { "max_retries": 5, "base_delay": 0.5 }
    }
  },
  "policies": {
    "Quotes.price": { "timeout": { "ms": 50 } },
    "Quotes.history": { "timeout": { "ms": 50 }, "retry": false }
  }
}`;

describe('a file', () => {
  test('of YAML and one of JSON say the same', async () => {
    const registry = new Registry();
    const first = await loadConfig(file('one.yaml', YAML), { registry, env: {} });
    const second = await loadConfig(file('other.json', JSON_TEXT), { registry, env: {} });

    expect(first.report.changed).toHaveLength(11);
    expect(first.report.changed).toContainEqual({ path: 'recovery.retry.maxAttempts', from: undefined, to: 6 });
    expect(second.report).toMatchObject({ changed: [], refused: [] });
    expect(second.report.unchanged).toHaveLength(11);
  });

  test.each([
    ['empty.yaml', ''],
    ['comments.yml', '# nothing yet\n'],
    ['section.yaml', 'caching:\n  # nothing yet\n'],
    ['empty.json', '{}'],
    ['null.json', '\uFEFF null \n'],
  ])('that says nothing, %s, is one', async (name, text) => {
    const { report } = await loadConfig(file(name, text), { registry: new Registry(), env: {} });

    expect(report).toEqual({ changed: [], unchanged: [], refused: [], unused: [] });
  });

  test('of YAML may take from another map what it does not say itself, by <<', async () => {
    const registry = new Registry();
    const path = file(
      'merged.yaml',
      `policies:
  a:
    retry: &slow { maxAttempts: 9, baseDelayMs: 500, maxDelayMs: 900 }
  b:
    retry: &two { maxAttempts: 2, budget: { ratio: 0.5 } }
  c:
    retry:
      maxDelayMs: 800
      <<: [*two, *slow]
    timeout:
      <<: { ms: 5 }
  d:
    retry: { <<: *slow }
    bulkhead: { maxQueue: .inf }
`,
    );
    await loadConfig(path, { registry, env: {} });
    const named = (kind: string, name: string) => registry.configuration.settings?.namedFor(kind, name);

    expect(named('retry', 'c')).toEqual({
      maxDelayMs: 800,
      maxAttempts: 2,
      baseDelayMs: 500,
      budget: { ratio: 0.5 },
    });
    expect(named('timeout', 'c')).toEqual({ ms: 5 });
    expect(named('retry', 'd')).toEqual(named('retry', 'a'));
    expect(named('bulkhead', 'd')).toEqual({ maxQueue: Infinity });
  });

  test('of YAML that is wrong is told of with each line and column', async () => {
    const path = file(
      'wrong.yaml',
      'caching:\n  max_sise: 5\n  default_ttl: -1\nrecovery:\n  retry:\n    jitter: some\n  retry:\npolicies:\n  quotes:\n    tiemout: {}\n',
    );

    expect(await messageOf(loadConfig(path, { registry: new Registry(), env: {} }))).toBe(
      `wrong.yaml is not as it should be, and nothing of it holds:
  wrong.yaml:2:3: caching: unknown name \`max_sise\`; did you mean \`max_size\`?
  wrong.yaml:3:16: caching: \`default_ttl\` takes a number of seconds, got -1: it sets \`ttlMs\`, which takes a time in ms from 0, or Infinity
  wrong.yaml:6:13: recovery.retry: \`jitter\` takes true, false, 'full', 'equal', 'decorrelated' or 'none', got "some": it sets \`jitter\`, which takes 'full' or 'equal' or 'decorrelated' or 'none'
  wrong.yaml:7:3: recovery.retry is there twice
  wrong.yaml:10:5: policies.quotes: unknown name \`tiemout\`; did you mean \`timeout\`?`,
    );
  });

  test('of JSON that is wrong likewise', async () => {
    const path = file('wrong.json', '{\n  "caching": {\n    "max_sise": 5,\n    "ttlMs": "x", "ttlMs": 1\n  }\n}\n');

    expect(await messageOf(loadConfig(path, { registry: new Registry(), env: {} }))).toBe(
      `wrong.json is not as it should be, and nothing of it holds:
  wrong.json:3:5: caching: unknown name \`max_sise\`; did you mean \`max_size\`?
  wrong.json:4:14: caching: \`ttlMs\` takes a time in ms from 0, or Infinity, got "x"
  wrong.json:4:19: caching.ttlMs is there twice`,
    );
  });

  test.each([
    ['{', '1:2: a name in double quotes is expected here'],
    ['{ "a" 1 }', '1:7: a colon is expected here'],
    ['{ "a": 1 "b": 2 }', '1:10: a comma or } is expected here'],
    ['{ "a": [1 2] }', '1:11: a comma or ] is expected here'],
    ['{ "a": }', '1:8: a value is expected here'],
    ['{ "a": 01 }', '1:8: 01 is no value of JSON'],
    ['{ "a": "\\x" }', '1:8: "\\x" is no value of JSON'],
    ['{ "a": 1e400 }', '1:8: 1e400 is too large for a number; no limit is "Infinity"'],
    ['{}\n{}', '2:1: nothing more is expected here'],
    ['['.repeat(60), '1:51: this is nested too deeply'],
  ])('that is no JSON, %s, is told of: %s', async (text, message) => {
    const path = file('broken.json', text);

    expect(await messageOf(loadConfig(path, { registry: new Registry(), env: {} }))).toContain(
      `broken.json:${message}`,
    );
  });

  test.each([
    ['a: [1', /broken\.yaml:1:\d+: this is no YAML: /],
    ['a: 1\n b: 2', /broken\.yaml:[12]:\d+: this is no YAML: /],
    ['caching: *gone', /broken\.yaml:1:10: .*gone/],
    [`a: &a {}\npolicies:\n${'  x: *a\n'.repeat(101)}`, /broken\.yaml:103:6: more than 100 aliases/],
    ['['.repeat(3_000), /broken\.yaml:1:51: this is nested too deeply/],
    [`a: ${'{b: '.repeat(3_000)}`, /broken\.yaml:1:\d+: this is nested too deeply/],
    [Array.from({ length: 300 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'), /:51:\d+: this is nested too/],
    ['- '.repeat(3_000), /broken\.yaml:1:\d+: this is nested too deeply/],
    [
      `a: &a ${'{b: '.repeat(20)}1${'}'.repeat(20)}\nc: &c ${'{b: '.repeat(20)}*a${'}'.repeat(20)}\nd: ${'{b: '.repeat(20)}*c${'}'.repeat(20)}`,
      /nested too deeply/,
    ],
    ['caching: { max_size: 1e400 }', /broken\.yaml:1:22: 1e400 is too large for a number/],
    ['caching:\n  <<: 5', /broken\.yaml:2:3: << takes a map, or a list of maps/],
    ['a: &a { b: *a }', /nested too deeply/],
  ])('that is no YAML is told of', async (text, message) => {
    const path = file('broken.yaml', text);

    expect(await messageOf(loadConfig(path, { registry: new Registry(), env: {} }))).toMatch(message);
  });

  test('of JSON is read in a time that grows as it does', () => {
    const lines = Array.from({ length: 40_000 }, (_, index) => `"host-${index}": ${index}`);
    const began = performance.now();
    const { root } = parseJson(`{\n${lines.join(',\n')}\n}`);

    expect(root).toMatchObject({ at: { line: 1, column: 1 } });
    expect((root as ConfigMap).entries.at(-1)).toMatchObject({
      at: { line: 40_001, column: 1 },
      node: { at: { line: 40_001, column: 15 }, value: 39_999 },
    });
    // By the square it would be minutes.
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  test.each(['yaml', 'json'])('of %s may be nested fifty deep', async (ending) => {
    const path = file(`deep.${ending}`, `${'{"a": '.repeat(49)}1${'}'.repeat(49)}`);

    expect(await messageOf(loadConfig(path, { registry: new Registry(), env: {} }))).toContain('unknown name `a`');
  });

  test('that is not there, or is of another sort, is told of', async () => {
    const options = { registry: new Registry(), env: {} };

    expect(await messageOf(loadConfig(join(folder, 'gone.yaml'), options))).toContain('cannot be read: ENOENT');
    expect(await messageOf(loadConfig(file('a.toml', ''), options))).toContain('named .yaml, .yml or .json');
    await expect(loadConfig('', options)).rejects.toThrow('takes the path of a file, got ""');
    await expect(loadConfig('a.yaml', { ...options, wacth: true } as never)).rejects.toThrow('`watch`');
  });

  test('of YAML needs a package, and its absence says how to install it', async () => {
    const absent = Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
    await expect(loadYaml(() => Promise.reject(absent))).rejects.toThrow('npm install yaml');
    await expect(loadYaml(() => Promise.reject(new Error('other')))).rejects.toThrow('other');
  });
});

describe('a configuration that is loaded again', () => {
  test('changes what runs, from the next call on, and keeps its state', async () => {
    const registry = new Registry();
    const path = file('live.yaml', 'recovery: { circuit_breaker: { failure_threshold: 5 } }');
    const config = await loadConfig(path, { registry, env: {} });
    const call = circuitBreaker({ name: 'quotes', registry })(async () => {
      throw new Error('down');
    });
    for (let failure = 0; failure < 2; failure++) await call().catch(() => {});
    writeFileSync(path, 'recovery: { circuit_breaker: { failure_threshold: 3 } }');
    const report = await config.reload();
    await call().catch(() => {});

    expect(report.changed).toEqual([{ path: 'recovery.circuitBreaker.failureThreshold', from: 5, to: 3 }]);
    await expect(call()).rejects.toMatchObject({ code: 'ERR_CIRCUIT_OPEN' });
  });

  test('gives back what a file no longer says to the code', async () => {
    const registry = new Registry();
    const path = file('live.json', '{ "policies": { "slots": { "bulkhead": { "max_concurrent": 1 } } } }');
    const config = await loadConfig(path, { registry, env: {} });
    bulkhead({ name: 'slots', maxConcurrent: 7, registry })(async () => 'fine');
    const limitNow = () => registry.limiters.get('slots')?.snapshot();
    expect(limitNow()).toMatchObject({ maxConcurrent: 1 });
    writeFileSync(path, '{}');
    await config.reload();

    expect(limitNow()).toMatchObject({ maxConcurrent: 7 });
  });

  test('and is broken leaves what runs as it was, and is told of', async () => {
    const registry = new Registry();
    const told: unknown[] = [];
    registry.on('config:failed', ({ name, error }) => told.push([name, (error as Error).message]));
    const path = file('live.yaml', 'policies: { work: { timeout: { ms: 5 } } }');
    const config = await loadConfig(path, { registry, env: {} });
    for (const broken of ['policies: { work: { timeout: { ms: 0 } } }', 'policies: {']) {
      writeFileSync(path, broken);
      const error = await config.reload().catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(ConfigError);
      expect(config.lastError).toBe(error);
    }
    rmSync(path);
    await expect(config.reload()).rejects.toThrow('ENOENT');
    const call = timeout({ registry })(function work(): Promise<never> {
      return new Promise(() => {});
    });

    await expect(call()).rejects.toThrow('within 5 ms');
    expect(told).toEqual(Array.from({ length: 3 }, () => ['live.yaml', expect.stringContaining('live.yaml is not')]));
    writeFileSync(path, 'policies: { work: { timeout: { ms: 6 } } }');
    await config.reload();
    expect(config.lastError).toBeUndefined();
  });

  test('by itself when it is watched: once for many writes, and when another file takes its place', async () => {
    const registry = new Registry();
    const applied: unknown[] = [];
    registry.on('config:applied', ({ changed }) => applied.push(changed.map(({ to }) => to)));
    const path = file('live.yaml', 'caching: { ttlMs: 1 }');
    const watched = await loadConfig(path, { registry, env: {}, watch: true, debounceMs: 100 });
    for (const ttlMs of [2, 3, 4]) writeFileSync(path, `caching: { ttlMs: ${ttlMs} }`);
    await eventually(() => expect(applied).toEqual([[1], [4]]));
    renameSync(file('next.yaml', 'caching: { ttlMs: 5 }'), path);
    await eventually(() => expect(applied).toEqual([[1], [4], [5]]));
    watched.close();
    writeFileSync(path, 'caching: { ttlMs: 6 }');
    await pause(300);

    expect(applied).toEqual([[1], [4], [5]]);
  });

  test('by itself in a folder where other files are written all the time', async () => {
    const { applied, registry } = listening();
    const path = file('live.yaml', 'caching: { ttlMs: 1 }');
    const watched = await loadConfig(path, { registry, env: {}, watch: true, debounceMs: 100 });
    const log = setInterval(() => appendFileSync(join(folder, 'app.log'), 'a line\n'), 30);
    writeFileSync(path, 'caching: { ttlMs: 2 }');
    await eventually(() => expect(applied).toEqual([[1], [2]])).finally(() => clearInterval(log));
    watched.close();
  });

  test('by itself when the folder behind a link is put in place of another, as mounted volumes do it', async () => {
    const { applied, registry } = listening();
    const mount = (version: number, ttlMs: number) => {
      mkdirSync(join(folder, `..v${version}`));
      file(`..v${version}/live.yaml`, `caching: { ttlMs: ${ttlMs} }`);
      symlinkSync(`..v${version}`, join(folder, '..data_tmp'));
      renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
      if (version > 1) rmSync(join(folder, `..v${version - 1}`), { recursive: true });
    };
    mount(1, 1);
    symlinkSync(join('..data', 'live.yaml'), join(folder, 'live.yaml'));
    // The program knows the volume by a link too, and the link is in another folder.
    const elsewhere = mkdtempSync(join(tmpdir(), 'holdfast-link-'));
    symlinkSync(folder, join(elsewhere, 'config'));
    const path = join(elsewhere, 'config', 'live.yaml');
    const watched = await loadConfig(path, { registry, env: {}, watch: true, debounceMs: 20 });
    mount(2, 2);
    await eventually(() => expect(applied).toEqual([[1], [2]]));
    mount(3, 3);
    await eventually(() => expect(applied).toEqual([[1], [2], [3]]));
    file('..v3/live.yaml', 'caching: { ttlMs: 4 }');
    await eventually(() => expect(applied).toEqual([[1], [2], [3], [4]]));
    watched.close();
    rmSync(elsewhere, { recursive: true });
  });

  test('by itself when the link that leads to it is put elsewhere, or what is behind it is written', async () => {
    const { applied, registry } = listening();
    for (const name of ['a', 'b', 'links']) mkdirSync(join(folder, name));
    for (const [name, ttlMs] of [['a', 1] as const, ['b', 3] as const]) {
      file(`${name}/live.yaml`, `caching: { ttlMs: ${ttlMs} }`);
    }
    const linkTo = (name: string) => {
      symlinkSync(join(folder, name), join(folder, 'links', 'next'));
      renameSync(join(folder, 'links', 'next'), join(folder, 'links', 'now'));
    };
    linkTo('a');
    const path = join(folder, 'links', 'now', 'live.yaml');
    const watched = await loadConfig(path, { registry, env: {}, watch: true, debounceMs: 20 });
    file('a/live.yaml', 'caching: { ttlMs: 2 }');
    await eventually(() => expect(applied).toEqual([[1], [2]]));
    linkTo('b');
    await eventually(() => expect(applied).toEqual([[1], [2], [3]]));
    watched.close();
  });

  test('by itself when its folder was gone for a while', async () => {
    const { applied, registry } = listening();
    mkdirSync(join(folder, 'inner'));
    const path = file('inner/live.yaml', 'caching: { ttlMs: 1 }');
    const failed: unknown[] = [];
    registry.on('config:failed', ({ error }) => failed.push(error));
    const watched = await loadConfig(path, { registry, env: {}, watch: true, debounceMs: 20 });
    rmSync(join(folder, 'inner'), { recursive: true });
    await eventually(() => expect(failed).not.toEqual([]));
    mkdirSync(join(folder, 'inner'));
    file('inner/live.yaml', 'caching: { ttlMs: 2 }');
    await eventually(() => expect(applied).toEqual([[1], [2]]));
    watched.close();
  });

  test('a watch that is closed leaves nothing with its registry', async () => {
    const registry = new Registry();
    const heard = new Set<unknown>();
    const { once, off } = registry;
    registry.once = (type, listener) => (heard.add(listener), once.call(registry, type, listener as never));
    registry.off = (type, listener) => (heard.delete(listener), off.call(registry, type, listener as never));
    const path = file('live.yaml', 'caching: { ttlMs: 1 }');
    const watched = await loadConfig(path, { registry, env: {}, watch: true });
    expect(heard.size).toBe(1);
    watched.close();

    expect(heard.size).toBe(0);
  });

  test('a watch ends with its registry, and tells of a file that is broken', async () => {
    const registry = new Registry();
    const told: string[] = [];
    registry.on('config:failed', ({ error }) => told.push((error as Error).message));
    const path = file('live.yaml', 'caching: { ttlMs: 1 }');
    const watched = await loadConfig(path, { registry, env: {}, watch: true, debounceMs: 20 });
    writeFileSync(path, 'caching: { ttlMs: -1 }');
    await eventually(() => expect(told).toEqual([expect.stringContaining('live.yaml:1:19')]));
    await registry.close();
    writeFileSync(path, 'caching: { ttlMs: -2 }');
    await pause(100);

    expect(told).toHaveLength(1);
    watched[Symbol.dispose]();
  });
});

/** A registry, and the values that were applied to it. */
function listening(): { registry: Registry; applied: unknown[] } {
  const registry = new Registry();
  const applied: unknown[] = [];
  registry.on('config:applied', ({ changed }) => applied.push(changed.map(({ to }) => to)));
  return { registry, applied };
}

/** Files are watched by the real system, in its own time. */
async function eventually(holds: () => void): Promise<void> {
  const giveUpAt = Date.now() + 5_000;
  for (;;) {
    try {
      return holds();
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
      await pause(20);
    }
  }
}
