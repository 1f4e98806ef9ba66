/** What `bailiff-regex --help` prints. */

export const USAGE = 'Usage: bailiff-regex [OPTIONS] <LOG> <REGEX> [IGNOREREGEX]';

export const HELP = `${USAGE}

Tries a filter on a log and shows which lines match. Takes the options of fail2ban-regex and prints what it prints.

LOG          a log file, or the text of one or more lines, or the journal: systemd-journal,
             systemd-journal[journalpath=…], systemd-journal[journalfiles=…]
REGEX        a failregex, or a filter: its name with options, sshd[mode=aggressive], or the path of its file;
             or a jail of jail.conf, enabled or not, where no filter has its name
IGNOREREGEX  a regex of lines that are to be passed over

Options:
  -c, --config=DIR         folder with filter.d (default: /etc/fail2ban)
  -d, --datepattern=TEXT   how dates are written, instead of the filter's own datepattern
  --timezone, --TZ=ZONE    zone of dates that name none, such as CET or +0100
  -e, --encoding=NAME      encoding of the log (default: UTF-8)
  -r, --raw                take host names as they are: the same as --usedns=raw
  --usedns=HOW             yes, warn, no or raw: whether host names are resolved
  -L, --maxlines=COUNT     lines that a regex may look at together
  -m, --journalmatch=TEXT  entries of the journal to read, instead of the filter's own journalmatch
  -l, --log-level=LEVEL    log messages of this level and above are printed too (default: critical)
  -v, --verbose            tell more; once more for still more
  --verbosity=NUMBER       the same as so many -v
  --verbose-date, --VD     show the regexes of the date templates
  --no-check-all           stop at the first failregex that matches, as a server does
  -o, --out=FORMAT         print only this of each failure: row, id, ip, msg, the name of a group,
                           or a text with tags such as "<ip> <F-USER>"
  --explain                show stage by stage why each line does or does not match, with the place where it stops
  -i, --invert             print only the lines that do not match
  --json                   print one record of JSON for each line, and one for all; see below
  --print-all-matched      show all lines that matched
  --print-all-missed       show all lines that did not, however many
  --print-all-ignored      show all lines that were passed over, however many
  --print-no-missed        show none of the lines that did not match
  --print-no-ignored       show none of the lines that were passed over
  -V                       print only the number of the version
  --version                print the version
  -h, --help               print this

With --json (ours alone; written in full):
  LOG may be - : the lines are read from standard input. A failregex is tried as a server does, up to the first that matches;
  host names are not resolved. A line is told with its verdict and the places of its date, address and user; the last record has the
  totals, how long each regex took, which of them are dangerous, and the filter's problems.
  --lines=COUNT            look at the last COUNT lines of the log (default: 10000)
  --shown=COUNT            tell of so many lines of each verdict (default: 500)
  --seconds=SECONDS        look at no further line after so long (default: 10)
  --stands-for=FILE        REGEX is a file that stands in the place of filter.d/FILE of the folder: an edit that is not saved
`;
