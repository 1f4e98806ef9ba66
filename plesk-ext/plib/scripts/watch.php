<?php
// Runs every minute: carries over what was changed outside of the panel, and tells the administrator what is new.

pm_Context::init('bailiff');
if (pm_Config::get('actionLog', true)) {
    Modules_Bailiff_Audit::relay();
}
if (pm_Config::get('notifications', true)) {
    Modules_Bailiff_News::tell();
}
