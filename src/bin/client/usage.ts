/** The text of `bailiff-client -h`. */

const OPTIONS = `Usage: bailiff-client [OPTIONS] COMMAND

Options, as fail2ban-client has them:
    -c, --conf DIR           configuration folder (default /etc/fail2ban)
    -s, --socket FILE        socket of the server (default: what the configuration says)
    -p, --pidfile FILE       its pid file
    --pname NAME             its name among the processes
    --loglevel LEVEL, --logtarget TARGET, --syslogsocket auto|FILE
    -d                       print the configuration as a stream of commands
    --dp, --dump-pretty      the same, laid out for people
    -t, --test               check the configuration
    -i                       type commands one after the other
    -v, -q                   say more, say less
    -x                       start in the place of a server that left its socket
    -b, -f, --async          start in background, in foreground, without waiting
    --timeout SECONDS        how long a start may take (default 30)
    --str2sec TEXT           print a time as seconds
    -h, --help               this help
    -V, --version            the version
`;

const COMMANDS = `
The server:
    start, stop [--keep-bans], restart, reload [--restart] [--unban] [--all]
    status, ping, version, echo TEXT, flushlogs
    banned [ADDRESS ...], unban ADDRESS ... | --all
    get|set loglevel, logtarget, syslogsocket, dbfile, dbmaxmatches, dbpurgeage

Jails:
    add JAIL BACKEND, start JAIL, stop JAIL, status JAIL [FLAVOR]
    reload|restart [--unban] [--if-exists] JAIL
    get JAIL banip [SEPARATOR|--with-time], get JAIL banned [ADDRESS ...]
    set JAIL banip ADDRESS ..., set JAIL unbanip [--report-absent] ADDRESS ..., set JAIL attempt ADDRESS [LINE ...]
    set JAIL idle on|off
    get|set JAIL bantime, findtime, maxretry, maxmatches, maxlines, usedns, datepattern, logencoding
    get|set JAIL ignoreself, ignorecommand, ignorecache, prefregex, bantime.increment, ...
    get JAIL ignoreip, logpath, failregex, ignoreregex, journalmatch
    set JAIL addignoreip, addlogpath, addfailregex, addignoreregex, addjournalmatch VALUE; del... takes it away

Actions:
    get JAIL actions, set JAIL addaction NAME, set JAIL delaction NAME
    get JAIL actionproperties|actionmethods NAME
    get JAIL action NAME PROPERTY, set JAIL action NAME PROPERTY VALUE
`;

export const USAGE = OPTIONS + COMMANDS;
