#!/usr/bin/env node
/// <reference types="node" />
import process from 'node:process';
import { run } from './command.js';

// What a module prints while it is loaded is not what was asked for.
const { stdout, stderr } = process;
const print = stdout.write.bind(stdout);
stdout.write = stderr.write.bind(stderr) as typeof stdout.write;

const end = await run(process.argv.slice(2));
stderr.write(end.stderr);
// A module may have begun to listen or to tick: nobody waits for that.
print(end.stdout, () => process.exit(end.code));
