<?php
// The documented hooks and what belongs to them, as far as Bailiff uses them, with their documented signatures; and how the stand-in panel finds an extension's hooks.

namespace Plesk\SDK\Hook {
    interface HookInterface
    {
    }

    abstract class Home implements HookInterface
    {
        abstract public function getBlocks(): array;
    }
}

namespace Plesk\SDK\Hook\Home {
    abstract class Block
    {
        const SECTION_PLESK = 'plesk';
        const SECTION_SERVER = 'server';
        const SECTION_SECURITY = 'security';
    }
}

namespace {
    interface pm_Hook_Interface
    {
    }

    interface EventListener
    {
        public function handleEvent($objectType, $objectId, $action, $oldValue, $newValue);
    }

    abstract class pm_Hook_CustomButtons implements pm_Hook_Interface
    {
        const PLACE_ADMIN_TOOLS_AND_SETTINGS = 5;
        const PLACE_HOSTING_PANEL_NAVIGATION = 7;
        const PLACE_ADMIN_NAVIGATION = 12;
        const SECTION_ADMIN_TOOLS_SECURITY = 'securityButtons';
        const SECTION_NAV_SERVER_MANAGEMENT = 'server_management';
        const SECTION_NAV_ADDITIONAL = 'custom_buttons';

        abstract public function getButtons();
    }

    abstract class pm_Hook_Navigation implements pm_Hook_Interface
    {
        abstract public function getNavigation();
    }

    abstract class pm_Hook_SystemServices implements pm_Hook_Interface
    {
        abstract public function getServices();
    }

    abstract class pm_SystemService_Service
    {
        abstract public function getName();
    }

    abstract class pm_Hook_ActionLog implements pm_Hook_Interface
    {
        abstract public function getEvents();
    }

    class pm_ActionLog
    {
        public static function submit($actionId, $objectId = null, $oldValues = [], $newValues = [])
        {
            if (!isset(StandInHooks::load('ActionLog')->getEvents()[$actionId])) {
                throw new pm_Exception("The action log knows no event '$actionId'.");
            }
            StandInStore::add('action-log', [
                'event' => 'ext_' . pm_Context::getModuleId() . "_$actionId",
                'user' => pm_Session::isExist() ? pm_Session::getClient()->getLogin() : '',
                'old' => $oldValues,
                'new' => $newValues,
            ]);
        }
    }

    abstract class pm_Hook_Notifications implements pm_Hook_Interface
    {
        abstract public function getNotifications();
    }

    abstract class pm_Notifications_EmailNotification
    {
    }

    abstract class pm_Notifications_PanelNotification
    {
        const CATEGORY_INFORMATION = 'Information';
        const CATEGORY_WARNING = 'Warning';
        const AREA_SECURITY = 'Security';
    }

    class pm_Notification
    {
        public function send($id, array $params = [], ?pm_Client $client = null)
        {
            $notification = StandInHooks::load('Notifications')->getNotifications()[$id] ?? null;
            if ($notification === null) {
                throw new pm_Exception("There is no notification '$id'.");
            }
            $fill = function (string $text) use ($params): string {
                foreach ($params as $name => $value) {
                    $text = str_replace("%%$name%%", $value, $text);
                }
                return $text;
            };
            StandInStore::add('notifications', [$id, $fill($notification->getSubject()), $fill($notification->getMessage())]);
            return ['admin'];
        }
    }

    abstract class pm_Hook_Search implements pm_Hook_Interface
    {
        abstract public function getIndex();
    }

    abstract class pm_SearchIndex
    {
        protected $data;

        public function __construct($data = null)
        {
            $this->data = $data;
        }

        final public function getData()
        {
            return $this->data;
        }

        abstract public function getIndexedFields();
    }

    abstract class pm_Hook_ConfigDefaults implements pm_Hook_Interface
    {
        abstract public function getDefaults();
    }

    interface pm_Hook_Backup extends pm_Hook_Interface
    {
    }

    class pm_Hook_Backup_Server implements pm_Hook_Backup
    {
    }

    abstract class pm_Hook_ApiCli implements pm_Hook_Interface
    {
        public int $code = 0;
        public array $words = [];

        public function getArguments()
        {
            return $this->words;
        }

        public function stdout($message)
        {
            fwrite(STDOUT, $message);
        }

        public function stderr($message)
        {
            fwrite(STDERR, $message);
        }

        public function exitCode($code = 0)
        {
            $this->code = $code;
        }
    }

    class pm_Scheduler
    {
        public static $EVERY_MIN = ['*', '*', '*', '*', '*'];

        public static function getInstance()
        {
            return new self();
        }

        public function listTasks()
        {
            return array_map(fn (string $cmd): pm_Scheduler_Task => new pm_Scheduler_Task($cmd), StandInStore::read('tasks'));
        }

        public function putTask(pm_Scheduler_Task $task)
        {
            if (in_array($task->getCmd(), StandInStore::read('tasks'), true)) {
                throw new pm_Exception('A task with the same parameters exists already.');
            }
            StandInStore::change('tasks', fn (array $tasks): array => [...$tasks, $task->getCmd()]);
        }

        public function removeTask(pm_Scheduler_Task $task)
        {
            StandInStore::change('tasks', fn (array $tasks): array => array_values(array_diff($tasks, [$task->getCmd()])));
        }

        public function removeAllTasks()
        {
            StandInStore::change('tasks', fn (array $tasks): array => []);
        }
    }

    class pm_Scheduler_Task
    {
        private $schedule;

        public function __construct(private $cmd = null)
        {
        }

        public function getCmd()
        {
            return $this->cmd;
        }

        public function setCmd($cmd)
        {
            $this->cmd = $cmd;
        }

        public function setSchedule(array $schedule)
        {
            $this->schedule = $schedule;
        }
    }

    class StandInHooks
    {
        /** The extension's hook, by the file's own return value or by the documented class name. */
        public static function load(string $name): object
        {
            static $loaded = [];
            if (!isset($loaded[$name])) {
                $hook = require pm_Context::getPlibDir() . "/hooks/$name.php";
                $class = self::prefix() . str_replace('/', '_', $name);
                $loaded[$name] = is_object($hook) ? $hook : new $class();
            }
            return $loaded[$name];
        }

        public static function prefix(): string
        {
            return 'Modules_' . str_replace(' ', '', ucwords(str_replace('-', ' ', pm_Context::getModuleId()))) . '_';
        }
    }

    spl_autoload_register(function (string $class): void {
        if (pm_Context::getModuleId() === null || !str_starts_with($class, StandInHooks::prefix())) {
            return;
        }
        $file = pm_Context::getPlibDir() . '/library/' . str_replace('_', '/', substr($class, strlen(StandInHooks::prefix()))) . '.php';
        if (is_file($file)) {
            require_once $file;
        }
    });
}
