<?php
// Has the root helper install the program, or put it in the place of the version before; then asks to be called every minute.

pm_Context::init('bailiff');
$upgrade = array_search('upgrade', $argv, true);
$words = ['install'];
if ($upgrade !== false && isset($argv[$upgrade + 1])) {
    $words[] = preg_replace('/[^A-Za-z0-9._-]/', '', $argv[$upgrade + 1]);
}
$result = Modules_Bailiff_Ctl::run($words);
echo $result['stdout'];
if ($result['code'] !== 0) {
    echo $result['stderr'];
    exit(1);
}
fwrite(STDERR, $result['stderr']);

$scheduler = pm_Scheduler::getInstance();
foreach ($scheduler->listTasks() as $task) {
    $scheduler->removeTask($task);
}
$task = new pm_Scheduler_Task();
$task->setCmd('watch.php');
$task->setSchedule(array_combine(['minute', 'hour', 'dom', 'month', 'dow'], pm_Scheduler::$EVERY_MIN));
$scheduler->putTask($task);

// What is changed from now on goes to the action log, from the first change on.
Modules_Bailiff_Audit::relay();
exit(0);
