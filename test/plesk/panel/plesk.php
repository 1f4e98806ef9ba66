<?php
// The stand-in for the commands `plesk bin extension` and `plesk ext`, run by root: installs as the documentation describes, step by step, and runs all of an extension's PHP as the panel's user.

require __DIR__ . '/store.php';

const ROOT = '/usr/local/psa';
const ID = 'bailiff';
const PLIB = ROOT . '/admin/plib/modules/' . ID;
const FOLDERS = [
    'htdocs' => ROOT . '/admin/htdocs/modules/' . ID,
    'plib' => PLIB,
    'var' => ROOT . '/var/modules/' . ID,
    '_meta' => ROOT . '/admin/share/modules/' . ID . '/_meta',
    'sbin' => ROOT . '/admin/sbin/modules/' . ID,
];
const LINKS = ROOT . '/admin/bin/modules/' . ID;

function must(string ...$words): string
{
    exec(implode(' ', array_map('escapeshellarg', $words)) . ' 2>&1', $lines, $code);
    if ($code !== 0) {
        fwrite(STDERR, implode("\n", $lines) . "\n");
        exit(1);
    }
    return implode("\n", $lines);
}

/** Runs PHP as the panel does: as psaadm, with the extension's context; what it prints goes to our own output. */
function asPanel(string $what, string ...$words): int
{
    $command = ['runuser', '-u', 'psaadm', '--', 'php', '-d', 'display_errors=stderr', __DIR__ . '/run.php', $what, ...$words];
    $process = proc_open($command, [STDIN, STDOUT, STDERR], $pipes, '/');
    return proc_close($process);
}

function releaseIn(string $meta): string
{
    preg_match('~<version>(.+?)</version>\s*<release>(.+?)</release>~', file_get_contents($meta), $match);
    return "$match[1]-$match[2]";
}

/** Files that the new package brings replace old ones; files that it lacks are deleted. Nobody knows which modes survive: none do here. */
function copyPackage(string $from): void
{
    foreach (FOLDERS as $part => $to) {
        must('mkdir', '-p', $to);
        if ($part !== 'var') {
            must('find', $to, '-mindepth', '1', '-delete');
        }
        if (is_dir("$from/$part")) {
            must('cp', '-R', "$from/$part/.", $to);
        }
        must('chown', '-R', $part === 'sbin' ? 'root:psaadm' : 'psaadm:psaadm', $to);
        must('find', $to, '-type', 'f', '-exec', 'chmod', $part === 'sbin' ? '0750' : '0644', '{}', '+');
    }
    must('cp', "$from/meta.xml", PLIB . '/meta.xml');
    must('mkdir', '-p', LINKS);
    foreach (scandir(FOLDERS['sbin']) as $file) {
        if ($file[0] !== '.') {
            @unlink(LINKS . "/$file");
            symlink('../../../sbin/mod_wrapper', LINKS . "/$file");
        }
    }
}

function install(string $zip): int
{
    $old = is_file(PLIB . '/meta.xml') ? releaseIn(PLIB . '/meta.xml') : null;
    $words = $old === null ? ['install'] : ['upgrade', explode('-', $old)[0]];
    $folder = trim(must('mktemp', '-d'));
    must('unzip', '-q', $zip, '-d', $folder);
    must('chmod', '-R', 'a+rX', $folder);
    $code = asPanel('file', "$folder/plib/scripts/pre-install.php", ...$words);
    if ($code === 0) {
        copyPackage($folder);
        StandInStore::change('extensions', fn (array $all): array => [ID => releaseIn("$folder/meta.xml")] + $all);
        $code = asPanel('file', PLIB . '/scripts/post-install.php', ...$words);
    }
    must('rm', '-rf', $folder);
    return $code;
}

function uninstall(): int
{
    $code = asPanel('file', PLIB . '/scripts/pre-uninstall.php');
    StandInStore::change('extensions', fn (array $all): array => array_diff_key($all, [ID => 0]));
    foreach ([...array_values(FOLDERS), LINKS] as $folder) {
        must('rm', '-rf', $folder);
    }
    must('rm', '-rf', dirname(FOLDERS['_meta']));
    return $code;
}

[, $verb] = $argv;
$words = array_slice($argv, 2);
if ($verb === 'bin' && ($words[0] ?? '') === 'extension') {
    // As it is written: plesk bin extension --install FILE
    [, $verb] = $words;
    $words = array_slice($words, 2);
} elseif ($verb === 'ext' && ($words[0] ?? '') === ID) {
    array_shift($words);
}
exit(match ($verb) {
    'install', 'upgrade', '--install', '--upgrade' => install($words[0]),
    'uninstall', '--uninstall' => uninstall(),
    'ext' => asPanel('ext', ...$words),
    'event' => asPanel('event', ...$words),
    'tasks' => asPanel('tasks'),
    'service' => asPanel('service', ...$words),
    'backup' => asPanel('backup', ...$words),
    'search' => asPanel('search'),
    default => 2,
});
