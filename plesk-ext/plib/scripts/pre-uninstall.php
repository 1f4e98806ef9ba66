<?php
// Gives the server back as it was. Configuration and history stay unless panel.ini says otherwise: [ext-bailiff] keepConfiguration = off

pm_Context::init('bailiff');
pm_Scheduler::getInstance()->removeAllTasks();
$keep = filter_var(pm_Config::get('keepConfiguration', true), FILTER_VALIDATE_BOOLEAN);
$result = Modules_Bailiff_Ctl::run(['uninstall', $keep ? 'keep' : 'purge']);
echo $result['stdout'];
fwrite(STDERR, $result['stderr']);
pm_Settings::clean();
exit($result['code'] === 0 ? 0 : 1);
