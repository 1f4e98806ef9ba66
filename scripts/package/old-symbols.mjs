// Makes stand-ins for the C library that know only symbol versions of up to an old release, to be linked against: what is linked so runs there. Also reads which versions a finished file needs.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The oldest C library that Plesk Obsidian's distributions have: of RHEL 8 and its kin. */
export const OLDEST_GLIBC = '2.28';
const LIBRARIES = ['libc.so.6', 'libm.so.6'];

function compare(a, b) {
  const [x, y] = [a, b].map((version) => version.split('.').map(Number));
  for (let index = 0; index < Math.max(x.length, y.length); index++) {
    const difference = (x[index] ?? 0) - (y[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Lines of an object's dynamic symbol table: name, version, whether it is defined there, whether it is code. */
function symbols(objdump, file) {
  const lines = execFileSync(objdump, ['-T', file], { encoding: 'utf8', maxBuffer: 1 << 26 }).split('\n');
  return lines.flatMap((line) => {
    const match = /^[0-9a-f]{8,} (.{7}) (\S+)\t[0-9a-f]+\s+\(?GLIBC_([\d.]+)\)?\s+(\S+)$/.exec(line);
    return match === null || match[4].startsWith('GLIBC_')
      ? []
      : [{ kind: match[1].slice(-1), defined: match[2] !== '*UND*', version: match[3], name: match[4] }];
  });
}

/** The newest version of the C library that a file asks for; '0' when it asks for none. */
export function neededGlibc(objdump, file) {
  const versions = symbols(objdump, file)
    .filter((symbol) => !symbol.defined)
    .map((symbol) => symbol.version);
  return versions.sort(compare).at(-1) ?? '0';
}

/** Of each name the newest version that is not newer than the oldest library. */
function oldEnough(table) {
  const best = new Map();
  for (const symbol of table) {
    if (!symbol.defined || compare(symbol.version, OLDEST_GLIBC) > 0) continue;
    const other = best.get(symbol.name);
    if (other === undefined || compare(symbol.version, other.version) > 0) best.set(symbol.name, symbol);
  }
  return [...best.values()];
}

function sourceOf(list) {
  return list.map(({ name, version, kind }, index) => {
    const local = `stand_in_${index}`;
    const type = kind === 'O' ? '%object' : '%function';
    return `.globl ${local}\n.type ${local},${type}\n.size ${local},8\n.symver ${local},${name}@@GLIBC_${version}\n${local}: .quad 0\n`;
  });
}

/** Writes the stand-ins into a folder; returns their paths. `libraries` is the folder of the real ones. */
export function makeStandIns({ compiler, objdump, libraries, loader, folder }) {
  mkdirSync(folder, { recursive: true });
  return [...LIBRARIES, loader].map((library) => {
    const list = oldEnough(symbols(objdump, path.join(libraries, library)));
    const source = path.join(folder, `${library}.s`);
    writeFileSync(source, `.data\n${sourceOf(list).join('')}`);
    const versions = [...new Set(list.map((symbol) => symbol.version))].sort(compare);
    const script = path.join(folder, `${library}.map`);
    writeFileSync(script, versions.map((version) => `GLIBC_${version} { };\n`).join(''));
    const file = path.join(folder, library);
    execFileSync(compiler, ['-shared', '-nostdlib', `-Wl,-soname,${library}`, `-Wl,--version-script=${script}`, '-o', file, source]);
    return file;
  });
}
