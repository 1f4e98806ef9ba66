<?php
// Finds in the address of a panel page the path that the sidecar is asked for, and refuses what no page of ours ever links to.

class Modules_Bailiff_Path
{
    const MARK = '/index.php/ui';
    const LONGEST = 8000;

    /** @return string|null the path with its query, below the pages' root; null when it is refused */
    public static function below($uri)
    {
        $mark = strpos($uri, self::MARK);
        $rest = $mark === false ? '' : substr($uri, $mark + strlen(self::MARK));
        if ($rest === '' || $rest[0] === '?') {
            $rest = '/' . $rest;
        }
        if ($rest[0] !== '/' || strlen($rest) > self::LONGEST || preg_match('/[^\x21-\x7e]|[\\\\#"<>^`{|}]/', $rest)) {
            return null;
        }
        list($path) = explode('?', $rest, 2);
        foreach (explode('/', $path) as $name) {
            // A second decoding somewhere must find nothing new either.
            $plain = rawurldecode(rawurldecode($name));
            if ($plain === '.' || $plain === '..' || preg_match('~[\x00-\x1f\x7f/\\\\]~', $plain)) {
                return null;
            }
        }
        return $rest;
    }

    /** The panel's address of a path of the sidecar's; null when it leads somewhere else. */
    public static function url($path)
    {
        if (!preg_match('~^/(?!/)[\x21-\x7e]*$~', $path) || strpos($path, '\\') !== false) {
            return null;
        }
        return rtrim(pm_Context::getActionUrl('ui'), '/') . $path;
    }
}
