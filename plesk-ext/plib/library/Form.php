<?php
// The posted form as it came, less the panel's own token: the sidecar has no use for it and forms are carried on from page to page.

class Modules_Bailiff_Form
{
    const LONGEST = 4194304;
    const TOKEN = 'forgery_protection_token';

    /** Whether this is a form of ours by its type and size. */
    public static function isOurs(array $server)
    {
        $type = isset($server['CONTENT_TYPE']) ? $server['CONTENT_TYPE'] : '';
        return preg_match('~^application/x-www-form-urlencoded\s*(;|$)~i', $type) === 1;
    }

    public static function isTooLarge($body)
    {
        return strlen($body) > self::LONGEST;
    }

    public static function withoutToken($body)
    {
        $fields = array_filter(explode('&', $body), function ($field) {
            list($name) = explode('=', $field, 2);
            return urldecode($name) !== self::TOKEN;
        });
        return implode('&', $fields);
    }
}
