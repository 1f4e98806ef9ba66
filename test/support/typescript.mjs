/** `node typescript.mjs FILE.ts …` runs TypeScript of this project in a child process, with types stripped as jest does it. */
import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { resolve } from 'node:path';
import swc from '@swc/core';

Module._extensions['.ts'] = (module, filename) => {
  const options = { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'commonjs' }, sourceMaps: 'inline' };
  module._compile(swc.transformSync(readFileSync(filename, 'utf8'), { ...options, filename }).code, filename);
};

process.argv.splice(1, 1);
createRequire(import.meta.url)(resolve(process.argv[1]));
