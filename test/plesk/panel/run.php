<?php
// Runs a piece of the extension's PHP as the panel's user: a script, the command line, an event, the scheduled tasks, a service, a backup.

error_reporting(E_ALL);
foreach (['store', 'core', 'hooks', 'zend'] as $part) {
    require __DIR__ . "/$part.php";
}
set_error_handler(function (int $level, string $message, string $file, int $line): bool {
    if (error_reporting() & $level) {
        StandInStore::add('panel-log', ['PHP', "$message in $file:$line"]);
    }
    return false;
});
pm_Context::init('bailiff');
[, $what] = $argv;
$words = array_slice($argv, 2);

function runFile(string $file, array $words): void
{
    $argv = [$file, ...$words];
    $GLOBALS['argv'] = $argv;
    require $file;
}

switch ($what) {
    case 'file':
        runFile(array_shift($words), $words);
        break;
    case 'tasks':
        foreach (StandInStore::read('tasks') as $script) {
            runFile(pm_Context::getPlibDir() . "/scripts/$script", []);
        }
        break;
    case 'event':
        $listener = require pm_Context::getPlibDir() . '/library/EventListener.php';
        if (in_array($words[0], $listener->filterActions(), true)) {
            $listener->handleEvent('domain', 1, $words[0], [], ['Domain Name' => $words[1] ?? '']);
        }
        break;
    case 'ext':
        $hook = StandInHooks::load('ApiCli');
        $hook->words = $words;
        // `--add-trusted` is addTrustedCommand; whatever is no command goes to defaultCommand.
        $name = str_starts_with($words[0] ?? '', '--') ? lcfirst(str_replace(' ', '', ucwords(str_replace('-', ' ', substr($words[0], 2))))) : '';
        $method = $name . 'Command';
        method_exists($hook, $method) && $name !== '' ? $hook->$method() : $hook->defaultCommand();
        exit($hook->code);
    case 'service':
        foreach (StandInHooks::load('SystemServices')->getServices() as $service) {
            if ($service->getId() === $words[0]) {
                $method = $words[1];
                $answer = $service->$method();
                echo json_encode($answer), "\n";
            }
        }
        break;
    case 'backup':
        $hook = StandInHooks::load('Backup/Server');
        if ($words[0] === 'make') {
            [$config, $include] = $hook->backup();
            foreach ($include as $path) {
                mkdir(dirname("{$words[1]}/$path"), 0777, true);
                copy(pm_Context::getVarDir() . "/$path", "{$words[1]}/$path");
            }
            file_put_contents("{$words[1]}/config", $config);
            $hook->postBackup();
        } else {
            $hook->restore('18.0.70', '0.1.0', file_get_contents("{$words[1]}/config"), $words[1]);
        }
        break;
    case 'search':
        foreach (StandInHooks::load('Search')->getIndex() as $item) {
            echo json_encode([$item->getTitle(), $item->getLink(), $item->isVisible()]), "\n";
        }
        break;
}
