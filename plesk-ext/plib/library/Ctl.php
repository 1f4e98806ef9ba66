<?php
// Runs the extension's one root helper, sbin/bailiff-ctl. It checks every word again.

class Modules_Bailiff_Ctl
{
    /**
     * @param array $words verb and arguments
     * @param string $stdin
     * @return array code, stdout, stderr
     */
    public static function run(array $words, $stdin = '')
    {
        $result = pm_ApiCli::callSbin('bailiff-ctl', $words, pm_ApiCli::RESULT_FULL, [], $stdin);
        return $result + ['code' => 1, 'stdout' => '', 'stderr' => ''];
    }

    /** @throws pm_Exception with what the helper said */
    public static function must(array $words)
    {
        $result = self::run($words);
        if ($result['code'] !== 0) {
            throw new pm_Exception(self::reason($result));
        }
        return $result['stdout'];
    }

    public static function reason(array $result)
    {
        $said = trim($result['stderr'] !== '' ? $result['stderr'] : $result['stdout']);
        return $said !== '' ? $said : 'bailiff-ctl: ' . $result['code'];
    }
}
