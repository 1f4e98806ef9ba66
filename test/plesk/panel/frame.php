<?php
// The panel's own frame: head with the forgery token, menu, path bar, title, messages; and in it what a page has made.

class StandInFrame
{
    public static function around(Zend_View $view, string $body): string
    {
        $messages = '';
        foreach (StandInStore::read('status') as [$tone, $text]) {
            $messages .= sprintf('<div class="msg-box msg-%s">%s</div>', $tone, $view->escape($text));
        }
        StandInStore::change('status', fn (): array => []);
        $up = $view->uplevelLink === null ? '' : sprintf('<a class="uplevel" href="%s">Up</a>', $view->escape($view->uplevelLink));
        $styles = implode('', array_map(fn ($href) => sprintf('<link rel="stylesheet" href="%s">', $view->escape($href)), $view->stylesheets));
        return sprintf(
            '<!doctype html><html lang="%s"><head><meta charset="utf-8"><title>%s - Plesk</title>' .
            '<meta name="forgery_protection_token" id="forgery_protection_token" content="%s">' .
            '<link rel="stylesheet" href="/ui-library/plesk-ui-library.css">%s</head>' .
            '<body><header class="panel-header">Plesk (stand-in) <span id="user">%s</span></header>%s<h1 id="page-title">%s</h1>%s<main>%s</main></body></html>',
            $view->escape(pm_Locale::getCode()),
            $view->escape($view->pageTitle),
            $view->escape(pm_Session::$current['token']),
            $styles,
            $view->escape(pm_Session::$current['login']),
            $up,
            $view->escape($view->pageTitle),
            $messages,
            $body
        );
    }
}
