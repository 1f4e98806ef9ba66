/** Lets `node --import` run TypeScript of this project in a child process, with types stripped as jest does it. */
import { readFileSync } from 'node:fs';
import Module from 'node:module';
import swc from '@swc/core';

Module._extensions['.ts'] = (module, filename) => {
  const options = { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'commonjs' }, sourceMaps: 'inline' };
  module._compile(swc.transformSync(readFileSync(filename, 'utf8'), { ...options, filename }).code, filename);
};
