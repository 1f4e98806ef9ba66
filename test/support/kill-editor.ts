/** A child that applies an edit to a folder whose server takes it and never answers: `CONFDIR SOCKET STATES`. It is ended from outside. */
import { systemClock } from '../../src/base/clock';
import { silentLogger } from '../../src/base/logger';
import { createEngineControl } from '../../src/panel/control/engine-control';
import { createEditor } from '../../src/panel/control/editor/create-editor';
import { SnapshotKeeper } from '../../src/panel/control/editor/snapshot';

const [, , dir = '', socket = '', states = ''] = process.argv;
const control = createEngineControl({ socket, conf: dir });
const editor = createEditor({ keeper: new SnapshotKeeper(dir), control, clock: systemClock, logger: silentLogger, states });
setInterval(() => undefined, 1000);
void editor.apply([{ kind: 'jail', jail: 'a', options: { maxretry: '9' } }], { who: 'child', client: '' });
