<?php
// The stand-in panel's memory: one JSON file for each kind of thing, changed under a lock.

class StandInStore
{
    const FOLDER = '/usr/local/psa/var/stand-in';

    public static function read(string $name): array
    {
        $text = @file_get_contents(self::FOLDER . "/$name.json");
        return $text === false ? [] : json_decode($text, true);
    }

    /** Hands what is kept to a function and keeps what it returns. */
    public static function change(string $name, callable $change): void
    {
        $file = fopen(self::FOLDER . "/$name.json", 'c+');
        flock($file, LOCK_EX);
        $kept = $change(json_decode(stream_get_contents($file) ?: '[]', true));
        ftruncate($file, 0);
        rewind($file);
        fwrite($file, json_encode($kept, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE));
        fflush($file);
        flock($file, LOCK_UN);
    }

    public static function add(string $name, array $entry): void
    {
        self::change($name, fn (array $list): array => [...$list, $entry]);
    }
}
