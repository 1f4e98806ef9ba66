<?php
// The documented core classes of Plesk's extension API, as far as Bailiff uses them: what the documentation says they do, and no more.

class pm_Exception extends Exception
{
}

class pm_Context
{
    const ROOT = '/usr/local/psa';
    private static ?string $id = null;

    public static function init($moduleId)
    {
        self::$id = $moduleId;
    }

    public static function getModuleId()
    {
        return self::$id;
    }

    public static function getPlibDir()
    {
        return self::ROOT . '/admin/plib/modules/' . self::$id;
    }

    public static function getHtdocsDir()
    {
        return self::ROOT . '/admin/htdocs/modules/' . self::$id;
    }

    public static function getVarDir()
    {
        return self::ROOT . '/var/modules/' . self::$id;
    }

    public static function getBaseUrl()
    {
        return '/modules/' . self::$id . '/';
    }

    public static function getActionUrl($controller, $action = 'index')
    {
        return self::getBaseUrl() . "index.php/$controller" . ($action === 'index' ? '' : "/$action");
    }
}

class pm_Settings
{
    public static function get($name, $default = null)
    {
        return StandInStore::read('settings')[pm_Context::getModuleId()][$name] ?? $default;
    }

    public static function set($name, $value)
    {
        if (strlen((string) $value) > 5000) {
            throw new pm_Exception("The value of '$name' is longer than 5000 characters.");
        }
        StandInStore::change('settings', function (array $all) use ($name, $value): array {
            $all[pm_Context::getModuleId()][$name] = $value === null ? null : (string) $value;
            return $all;
        });
    }

    public static function clean($prefix = '')
    {
        StandInStore::change('settings', function (array $all) use ($prefix): array {
            $own = $all[pm_Context::getModuleId()] ?? [];
            $all[pm_Context::getModuleId()] = array_filter($own, fn ($name) => !str_starts_with($name, $prefix), ARRAY_FILTER_USE_KEY);
            return $all;
        });
    }
}

class pm_Config
{
    public static function get($name, $default = null)
    {
        $ini = @parse_ini_file(pm_Context::ROOT . '/admin/conf/panel.ini', true, INI_SCANNER_TYPED) ?: [];
        return $ini['ext-' . pm_Context::getModuleId()][$name] ?? $default;
    }
}

class pm_Client
{
    public function __construct(private string $login, private string $role)
    {
    }

    public function isAdmin()
    {
        return $this->role === 'admin';
    }

    public function isReseller()
    {
        return $this->role === 'reseller';
    }

    public function isClient()
    {
        return $this->role === 'client';
    }

    public function getLogin()
    {
        return $this->login;
    }
}

class pm_Session
{
    /** Login, role, whether an administrator stands in for a customer, forgery token; null for nobody. */
    public static ?array $current = null;

    public static function isExist()
    {
        return self::$current !== null;
    }

    public static function getClient()
    {
        return new pm_Client(self::$current['login'], self::$current['role']);
    }

    public static function isImpersonated()
    {
        return self::$current['impersonated'] ?? false;
    }
}

class pm_Locale
{
    const FALLBACK_LOCALE = 'en-US';
    private static string $code = self::FALLBACK_LOCALE;

    public static function getCode()
    {
        return self::$code;
    }

    public static function setCode($localeCode)
    {
        self::$code = $localeCode;
    }

    public static function keyExists($key, $findSection = false)
    {
        return isset(self::messages()[$key]);
    }

    public static function lmsg($key, $params = [])
    {
        $text = self::messages()[$key] ?? "[[$key]]";
        foreach ($params as $name => $value) {
            $text = str_replace("%%$name%%", (string) $value, $text);
        }
        return $text;
    }

    private static function messages(): array
    {
        $file = pm_Context::getPlibDir() . '/resources/locales/' . self::$code . '.php';
        $messages = [];
        include is_file($file) ? $file : pm_Context::getPlibDir() . '/resources/locales/' . self::FALLBACK_LOCALE . '.php';
        return $messages;
    }
}

class pm_ProductInfo
{
    public static function isUnix()
    {
        return (getenv('STAND_IN_PLATFORM') ?: 'Unix') === 'Unix';
    }

    public static function getOsArch()
    {
        return getenv('STAND_IN_ARCH') ?: php_uname('m');
    }

    public static function getProductRootDir()
    {
        return pm_Context::ROOT;
    }
}

class pm_Log
{
    public static function err($message)
    {
        StandInStore::add('panel-log', ['ERR', (string) $message]);
    }

    public static function warn($message)
    {
        StandInStore::add('panel-log', ['WARN', (string) $message]);
    }
}

class pm_ApiCli
{
    const RESULT_FULL = 1;
    const RESULT_STDOUT = 2;
    const RESULT_STDERR = 3;
    const RESULT_CODE = 4;
    const RESULT_EXCEPTION = 5;

    public static function callSbin($command, $args = [], $result = self::RESULT_EXCEPTION, $env = [], $stdin = '')
    {
        $path = pm_Context::ROOT . '/admin/bin/modules/' . pm_Context::getModuleId() . '/' . $command;
        $pipes = [];
        $process = proc_open(
            array_merge([$path], array_map('strval', $args)),
            [['pipe', 'r'], ['pipe', 'w'], ['file', $errors = tempnam('/tmp', 'sbin'), 'w']],
            $pipes,
            '/',
            $env
        );
        fwrite($pipes[0], $stdin);
        fclose($pipes[0]);
        $full = ['stdout' => stream_get_contents($pipes[1]), 'code' => proc_close($process), 'stderr' => file_get_contents($errors)];
        unlink($errors);
        if ($result === self::RESULT_EXCEPTION && $full['code'] !== 0) {
            throw new pm_Exception($full['stderr']);
        }
        return match ($result) {
            self::RESULT_FULL => $full,
            self::RESULT_STDERR => $full['stderr'],
            self::RESULT_CODE => $full['code'],
            default => $full['stdout'],
        };
    }
}
