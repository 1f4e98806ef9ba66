// `npm run package`: makes dist/bailiff-VERSION-RELEASE.zip for Plesk on x86-64, and with `--arch arm64` (or `--all`) the one for ARM; `--out DIR` puts it elsewhere. What is slow is kept in node_modules/.cache.
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageFiles, releaseOf } from './package/contents.mjs';
import { nativeDriver } from './package/native.mjs';
import { nodeRuntime } from './package/runtime.mjs';
import { makeZip } from './package/zip.mjs';
import { build, install, root } from './setup.mjs';

const cache = path.join(root, 'node_modules/.cache/bailiff-package');

export function zipName(arch) {
  return `bailiff-${releaseOf(root)}${arch === 'x64' ? '' : `-${arch}`}.zip`;
}

/** Makes the package for `x64` or `arm64` in a folder; returns its path. */
export async function makePackage(arch, folder) {
  const runtime = nodeRuntime({ arch, cache });
  const driver = await nativeDriver({ arch, root, cache, headers: path.join(runtime, 'include/node') });
  const zip = makeZip(packageFiles({ root, arch, runtime, driver }));
  const file = path.join(folder, zipName(arch));
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, zip);
  return file;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const words = process.argv.slice(2);
  const out = words.includes('--out') ? path.resolve(words[words.indexOf('--out') + 1]) : path.join(root, 'dist');
  const arches = words.includes('--all') ? ['x64', 'arm64'] : [words.includes('arm64') ? 'arm64' : 'x64'];
  install();
  build();
  for (const arch of arches) {
    const file = await makePackage(arch, out);
    console.log(`${path.relative(root, file)}: ${(statSync(file).size / 1e6).toFixed(1)} MB`);
  }
}
