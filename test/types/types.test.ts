import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';

// What must not compile bears a @ts-expect-error: it is an error if it does.
test.each(['tsconfig.json', 'legacy/tsconfig.json'])(
  '%s: what must compile does, and what must not does not',
  (config) => {
    const path = fileURLToPath(new URL(config, import.meta.url));
    const { options, fileNames } = ts.getParsedCommandLineOfConfigFile(
      path,
      {},
      {
        ...ts.sys,
        onUnRecoverableConfigFileDiagnostic: (diagnostic) => {
          throw new Error(textOf(diagnostic));
        },
      },
    ) as ts.ParsedCommandLine;

    const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram(fileNames, options));

    expect(fileNames.length).toBeGreaterThan(0);
    expect(diagnostics.map(textOf)).toEqual([]);
  },
  120_000,
);

function textOf({ file, start = 0, messageText }: ts.Diagnostic): string {
  const line = (file?.getLineAndCharacterOfPosition(start).line ?? 0) + 1;
  return `${file?.fileName ?? ''}:${line} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
}
