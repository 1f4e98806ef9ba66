<?php
// The stand-in panel on PHP's own server: log-in, sessions, the forgery check, Tools & Settings, home, action log, services, and extensions below /modules/.

error_reporting(E_ALL);
ini_set('display_errors', '1');
foreach (['store', 'core', 'hooks', 'zend', 'frame'] as $part) {
    require __DIR__ . "/$part.php";
}
set_error_handler(function (int $level, string $message, string $file, int $line): bool {
    if (!(error_reporting() & $level)) {
        return false;
    }
    StandInStore::add('panel-log', ['PHP', "$message in $file:$line"]);
    return false;
});

const ACCOUNTS = ['admin' => 'admin', 'reseller' => 'reseller', 'customer' => 'client'];

function redirect(string $to): never
{
    header("Location: $to", true, 303);
    exit;
}

function page(string $title, string $body): string
{
    $view = new Zend_View();
    $view->pageTitle = $title;
    return StandInFrame::around($view, $body);
}

function logIn(): void
{
    $login = $_POST['login_name'] ?? '';
    if (!isset(ACCOUNTS[$login]) || ($_POST['passwd'] ?? '') !== "password of $login") {
        http_response_code(403);
        echo 'Wrong name or password.';
        return;
    }
    $id = bin2hex(random_bytes(16));
    $session = ['login' => $login, 'role' => ACCOUNTS[$login], 'impersonated' => isset($_POST['as_customer']), 'token' => bin2hex(random_bytes(16))];
    $session['locale'] = $_POST['locale'] ?? 'en-US';
    StandInStore::change('sessions', fn (array $all): array => [$id => $session] + $all);
    setcookie('PLESKSESSID', $id, ['httponly' => true, 'path' => '/']);
    redirect('/admin/home');
}

function buttons(int $place): string
{
    $links = '';
    $view = new Zend_View();
    foreach (StandInHooks::load('CustomButtons')->getButtons() as $button) {
        if ($button['place'] === $place && $button['visibility']()) {
            $links .= sprintf('<a class="tool" data-section="%s" href="%s">%s</a>', $button['section'], $view->escape($button['link']), $view->escape($button['title']));
        }
    }
    return $links;
}

function home(): string
{
    $html = '<nav id="menu">' . buttons(12) . '</nav>';
    foreach (StandInHooks::load('Home')->getBlocks() as $block) {
        $html .= sprintf('<section class="block" id="block-%s"><h2>%s</h2>%s%s</section>', $block->getId(), $block->getTitle(), $block->getContent(), $block->getFooter());
    }
    return $html;
}

function actionLog(): string
{
    $titles = StandInHooks::load('ActionLog')->getEvents();
    $view = new Zend_View();
    $rows = '';
    foreach (StandInStore::read('action-log') as $entry) {
        $title = $titles[substr($entry['event'], strlen('ext_' . pm_Context::getModuleId() . '_'))];
        $rows .= sprintf('<tr><td>%s</td><td>%s</td><td>%s</td></tr>', $view->escape($title), $view->escape($entry['user']), $view->escape(json_encode($entry['new'], JSON_UNESCAPED_SLASHES)));
    }
    return "<table id=\"action-log\">$rows</table>";
}

$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH) ?: '/';
if (preg_match('~^/(modules/bailiff/(?:css|js|images)|ui-library)/[\w./-]+$~', $path) && !str_contains($path, '..')) {
    // The panel's web server hands out what is no PHP.
    $file = '/usr/local/psa/admin/htdocs' . $path;
    $types = ['css' => 'text/css', 'js' => 'text/javascript', 'svg' => 'image/svg+xml', 'woff2' => 'font/woff2', 'png' => 'image/png'];
    if (!is_file($file)) {
        http_response_code(404);
        return;
    }
    header('Content-Type: ' . ($types[pathinfo($file, PATHINFO_EXTENSION)] ?? 'application/octet-stream'));
    readfile($file);
    return;
}
if ($path === '/favicon.ico') {
    http_response_code(204);
    return;
}
if ($path === '/login_up.php') {
    $_SERVER['REQUEST_METHOD'] === 'POST' ? logIn() : print('<form method="post"><input name="login_name"><input name="passwd" type="password">' .
        '<input name="locale" value="en-US"><input name="as_customer" type="checkbox"><button>Log in</button></form>');
    return;
}
pm_Session::$current = StandInStore::read('sessions')[$_COOKIE['PLESKSESSID'] ?? ''] ?? null;
if (pm_Session::$current === null) {
    redirect('/login_up.php');
}
pm_Locale::setCode(pm_Session::$current['locale']);
if ($_SERVER['REQUEST_METHOD'] !== 'GET') {
    $token = $_SERVER['HTTP_X_FORGERY_PROTECTION_TOKEN'] ?? $_POST['forgery_protection_token'] ?? '';
    if (!hash_equals(pm_Session::$current['token'], $token)) {
        StandInStore::add('panel-log', ['ERR', 'Forgery protection token check failed']);
        http_response_code(500);
        echo 'Internal error.';
        return;
    }
}
pm_Context::init('bailiff');
try {
    if (str_starts_with($path, '/modules/bailiff/index.php')) {
        require pm_Context::getHtdocsDir() . '/index.php';
    } elseif ($path === '/admin/home') {
        echo page('Home', home());
    } elseif ($path === '/admin/tools-settings') {
        echo page('Tools & Settings', buttons(5));
    } elseif ($path === '/smb/power-user') {
        echo page('Websites & Domains', buttons(7));
    } elseif ($path === '/admin/action-log') {
        echo page('Action Log', actionLog());
    } else {
        http_response_code(404);
        echo 'Not found.';
    }
} catch (StandInDenied $denied) {
    http_response_code(403);
    echo page('Access denied', htmlspecialchars($denied->getMessage()));
} catch (Throwable $error) {
    StandInStore::add('panel-log', ['ERR', (string) $error]);
    http_response_code(500);
    echo page('Error', '<p class="msg-error">' . htmlspecialchars($error->getMessage()) . '</p>');
}
