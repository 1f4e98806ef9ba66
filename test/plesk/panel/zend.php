<?php
// The part of Zend Framework 1 that a Plesk controller stands on, as documented: request, response, view, helpers, dispatch.

class Zend_Controller_Request_Http
{
    public function getMethod()
    {
        return $_SERVER['REQUEST_METHOD'];
    }

    public function isPost()
    {
        return $this->getMethod() === 'POST';
    }

    public function getRequestUri()
    {
        return $_SERVER['REQUEST_URI'];
    }

    public function getHeader($header)
    {
        return $_SERVER['HTTP_' . strtoupper(str_replace('-', '_', $header))] ?? false;
    }
}

class Zend_Controller_Response_Http
{
    public string $body = '';

    public function setHttpResponseCode($code)
    {
        http_response_code($code);
        return $this;
    }

    public function setHeader($name, $value, $replace = false)
    {
        header("$name: $value", $replace);
        return $this;
    }

    public function setRedirect($url, $code = 302)
    {
        header("Location: $url", true, $code);
        return $this;
    }

    public function setBody($content)
    {
        $this->body = $content;
        return $this;
    }

    public function appendBody($content)
    {
        $this->body .= $content;
        return $this;
    }
}

#[AllowDynamicProperties]
class Zend_View
{
    public array $stylesheets = [];

    public function __get($name)
    {
        return null;
    }

    public function escape($text)
    {
        return htmlspecialchars((string) $text, ENT_COMPAT, 'UTF-8');
    }

    public function lmsg($key, $params = [])
    {
        return pm_Locale::lmsg($key, $params);
    }

    public function headLink()
    {
        return new class ($this) {
            public function __construct(private Zend_View $view)
            {
            }

            public function appendStylesheet($href)
            {
                $this->view->stylesheets[] = $href;
            }
        };
    }

    public function renderTabs(array $tabs)
    {
        $items = array_map(fn (array $tab): string => sprintf(
            '<li%s><a href="%s">%s</a></li>',
            $tab['active'] ? ' class="active"' : '',
            $this->escape($tab['link']),
            $this->escape($tab['title'])
        ), $tabs);
        return '<ul class="tabs">' . implode('', $items) . '</ul>';
    }

    public function render($name)
    {
        ob_start();
        include pm_Context::getPlibDir() . '/views/scripts/' . $name;
        return ob_get_clean();
    }
}

class StandInHelpers
{
    public object $layout;
    public object $viewRenderer;

    public function __construct()
    {
        $this->layout = new class () {
            public bool $enabled = true;

            public function disableLayout()
            {
                $this->enabled = false;
            }
        };
        $this->viewRenderer = new class () {
            public bool $noRender = false;

            public function setNoRender($flag = true)
            {
                $this->noRender = $flag;
            }
        };
    }
}

abstract class Zend_Controller_Action
{
    public $view;
    protected $_helper;
    private ?array $forward = null;

    public function __construct(private $request, private $response, private string $controller)
    {
        $this->view = new Zend_View();
        $this->_helper = new StandInHelpers();
        $this->_status = new pm_View_Status();
    }

    public function init()
    {
    }

    public function preDispatch()
    {
    }

    public function getRequest()
    {
        return $this->request;
    }

    public function getResponse()
    {
        return $this->response;
    }

    public function renderScript($script)
    {
        $this->response->appendBody($this->view->render($script));
        $this->_helper->viewRenderer->setNoRender(true);
    }

    protected function _forward($action, $controller = null)
    {
        $this->forward = [$controller ?? $this->controller, $action];
    }

    /** Runs an action and its view; returns where it was forwarded to. */
    public function dispatch(string $action): ?array
    {
        $method = lcfirst(str_replace(' ', '', ucwords(preg_replace('/[^a-z0-9]+/i', ' ', $action)))) . 'Action';
        $this->preDispatch();
        in_array($method, get_class_methods($this), true) ? $this->$method() : $this->__call($method, []);
        if ($this->forward === null && !$this->_helper->viewRenderer->noRender) {
            $this->renderScript("{$this->controller}/$action.phtml");
        }
        return $this->forward;
    }

    public function hasLayout(): bool
    {
        return $this->_helper->layout->enabled;
    }

    public function __call($method, $arguments)
    {
        throw new pm_Exception("Action '$method' does not exist.");
    }
}

abstract class pm_Controller_Action extends Zend_Controller_Action
{
    protected $_status;
    protected $_accessLevel = [];

    public function preDispatch()
    {
        $client = pm_Session::getClient();
        $role = $client->isAdmin() ? 'admin' : ($client->isReseller() ? 'reseller' : 'client');
        if ($this->_accessLevel !== [] && !in_array($role, (array) $this->_accessLevel, true)) {
            throw new StandInDenied('Access is denied.');
        }
    }

    public static function lmsg($key, $params = [])
    {
        return pm_Locale::lmsg($key, $params);
    }
}

class StandInDenied extends pm_Exception
{
}

class pm_View_Status
{
    public static function addInfo($message, $noEscape = false)
    {
        StandInStore::add('status', ['info', $message]);
    }

    public static function addError($message, $noEscape = false)
    {
        StandInStore::add('status', ['error', $message]);
    }
}

class pm_Application
{
    public function run()
    {
        $path = explode('/', trim(explode('index.php', parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH), 2)[1] ?? '', '/'));
        $next = [$path[0] ?: 'index', $path[1] ?? 'index'];
        if (($next[1] ?: 'index') === '') {
            $next[1] = 'index';
        }
        $response = new Zend_Controller_Response_Http();
        for ($controller = null; $next !== null;) {
            [$name, $action] = [$next[0], $next[1] ?: 'index'];
            $class = str_replace(' ', '', ucwords(str_replace('-', ' ', $name))) . 'Controller';
            $file = pm_Context::getPlibDir() . "/controllers/$class.php";
            if (!preg_match('/^[a-z-]+$/', $name) || !is_file($file)) {
                throw new pm_Exception('Invalid controller specified.');
            }
            require_once $file;
            $controller = new $class(new Zend_Controller_Request_Http(), $response, $name);
            $controller->init();
            $next = $controller->dispatch($action);
        }
        echo $controller->hasLayout() ? StandInFrame::around($controller->view, $response->body) : $response->body;
    }
}
