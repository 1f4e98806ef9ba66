/** Asks the installed fail2ban what its client makes of a configuration folder, and how it takes lists of options apart: one process, a question in each line of JSON. */
import { StockProcess } from './stock-process';

/** Why there are no commands; for what cannot be interpolated, of which option and section; and what was being read (`FilterReader`, `JailReader`, …). */
export interface StockRefusal {
  readonly error: string;
  readonly option?: string | null;
  readonly section?: string | null;
  readonly reader?: string | null;
}

/** What `fail2ban-client -d` would print: commands in Python's spelling, or why there are none (`Late` when replacing tags took too long); null when anything else did. */
export type StockStream = readonly string[] | StockRefusal | null;

/** A text taken apart: its items, and of each its name and options, or the message of its refusal. */
export type StockItems = readonly (readonly [name: string, options: Readonly<Record<string, string>>] | string)[] | null;

const SCRIPT = String.raw`
import configparser, json, logging, os, signal, sys
from fail2ban.client.configurator import Configurator
from fail2ban.helpers import extractOptions, splitWithOptions, substituteRecursiveTags
logging.disable(logging.CRITICAL)
class Late(BaseException): pass
def late(*_): raise Late()
signal.signal(signal.SIGALRM, late)
answers = sys.stdout
sys.stdout = sys.stderr = open(os.devnull, 'w')
def stream(folder):
    read = Configurator()
    read.setBaseDir(folder)
    read.readEarly()
    read.getEarlyOptions()
    read.readAll()
    if not read.getOptions(None, ignoreWrong=True): return {'error': 'wrong'}
    read.convertToProtocol(allow_no_files=True)
    return [repr(command) for command in read.getConfigStream()]
def apart(text):
    told = []
    for item in splitWithOptions(text):
        try: told.append(extractOptions(item))
        except ValueError as error: told.append(str(error))
    return told
def reader(error):
    name, at = None, error.__traceback__
    while at is not None:
        found = type(at.tb_frame.f_locals.get('self')).__name__
        if found.endswith('Reader'): name = found
        at = at.tb_next
    return name
def is_replacing(error):
    at = error.__traceback__
    while at is not None:
        if at.tb_frame.f_code is substituteRecursiveTags.__code__: return True
        at = at.tb_next
    return False
def refusal(error):
    told = {'error': '%s: %s' % (type(error).__name__, error), 'reader': reader(error)}
    if isinstance(error, configparser.InterpolationError): told.update(option=error.option, section=error.section)
    return told
for text in sys.stdin:
    asked = json.loads(text)
    signal.setitimer(signal.ITIMER_REAL, 5)
    try:
        answer = stream(asked['folder']) if 'folder' in asked else [apart(one) for one in asked['texts']]
    except Late as error:
        answer = refusal(error) if is_replacing(error) else None
    except Exception as error:
        answer = refusal(error)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    print(json.dumps(answer), file=answers, flush=True)
`;

/** A running Python with the client of the installed fail2ban; questions are `{ folder }` or `{ texts }`. */
export function stockConfig<Answer>(): StockProcess<Answer> {
  return new StockProcess<Answer>(SCRIPT);
}
