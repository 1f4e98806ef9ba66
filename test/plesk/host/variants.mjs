// Makes the packages that the tests install, once for what they are made of: the release, the next one, one whose pages do not start, one that was tampered with. Prints their paths as JSON.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { packageFiles, releaseOf } from '../../../scripts/package/contents.mjs';
import { nativeDriver } from '../../../scripts/package/native.mjs';
import { nodeRuntime } from '../../../scripts/package/runtime.mjs';
import { makeZip } from '../../../scripts/package/zip.mjs';
import { root } from '../../../scripts/setup.mjs';

const cache = path.join(root, 'node_modules/.cache/bailiff-package');
const runtime = nodeRuntime({ arch: 'x64', cache });
const driver = await nativeDriver({ arch: 'x64', root, cache, headers: path.join(runtime, 'include/node') });
const current = releaseOf(root);
const [version, release] = current.split('-');
const next = `${version}-${Number(release) + 1}`;

function renamed(contents) {
  const meta = contents.files.get('meta.xml').bytes.toString('utf8');
  contents.add('meta.xml', meta.replace(`<release>${release}</release>`, `<release>${Number(release) + 1}</release>`));
}

const VARIANTS = {
  release: {},
  next: { release: next, alter: renamed },
  broken: {
    release: next,
    alter(contents) {
      renamed(contents);
      contents.add('plib/app/dist/bin/bailiff-web.js', 'process.exit(1);\n');
    },
  },
  deaf: {
    release: next,
    alter(contents) {
      renamed(contents);
      contents.add('plib/app/dist/bin/bailiff-server.js', 'setInterval(() => undefined, 1000);\n');
      // It is given up sooner than a real one.
      const { bytes, mode } = contents.files.get('plib/app/setup/lib.sh');
      contents.add('plib/app/setup/lib.sh', bytes.toString('utf8').replace('ENGINE_WITHIN=45', 'ENGINE_WITHIN=15'), mode);
      const unit = contents.files.get('plib/app/units/bailiff-server.service').bytes.toString('utf8');
      contents.add('plib/app/units/bailiff-server.service', unit.replace('WatchdogSec=', 'TimeoutStartSec=15\nWatchdogSec='));
    },
  },
};

const made = {};
mkdirSync(cache, { recursive: true });
for (const [name, options] of Object.entries(VARIANTS)) {
  const files = packageFiles({ root, arch: 'x64', runtime, driver, ...options });
  const hash = createHash('sha256');
  for (const [file, { bytes, mode }] of files) hash.update(`${file}\0${mode}\0`).update(bytes);
  const zip = path.join(cache, `test-${name}-${hash.digest('hex').slice(0, 16)}.zip`);
  if (!existsSync(zip)) {
    for (const old of readdirSync(cache).filter((file) => file.startsWith(`test-${name}-`))) rmSync(path.join(cache, old));
    // Only how hard it is packed differs from the real one.
    writeFileSync(zip, makeZip(files, 1));
  }
  made[name] = zip;
}
process.stdout.write(JSON.stringify(made));
