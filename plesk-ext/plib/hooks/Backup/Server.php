<?php
// Our part of a server backup: configuration and database as one archive, made by the root helper into the extension's own folder.

class Modules_Bailiff_Backup_Server extends pm_Hook_Backup_Server
{
    const ARCHIVE = 'backup/bailiff.tar.gz';

    public function backup()
    {
        Modules_Bailiff_Ctl::must(['backup', 'make']);
        return ['bailiff-backup-1', [self::ARCHIVE], []];
    }

    public function postBackup()
    {
        Modules_Bailiff_Ctl::run(['backup', 'clear']);
    }

    public function restore($pleskVersion, $extVersion, $config, $contentDir)
    {
        if ($config !== 'bailiff-backup-1') {
            throw new pm_Exception('This backup is of another form.');
        }
        $archive = rtrim($contentDir, '/') . '/' . self::ARCHIVE;
        $target = pm_Context::getVarDir() . '/' . self::ARCHIVE;
        if (!is_dir(dirname($target)) && !mkdir(dirname($target), 0750, true)) {
            throw new pm_Exception('The folder for the backup cannot be made.');
        }
        if (realpath($archive) !== realpath($target) && !copy($archive, $target)) {
            throw new pm_Exception('The backup cannot be read.');
        }
        Modules_Bailiff_Ctl::must(['backup', 'restore']);
        Modules_Bailiff_Ctl::run(['backup', 'clear']);
    }

    public function getExcludedSettings()
    {
        return [Modules_Bailiff_Audit::SETTING, Modules_Bailiff_News::SETTING];
    }
}
