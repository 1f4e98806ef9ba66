<?php
pm_Context::init('bailiff');
$application = new pm_Application();
$application->run();
