<?php
// Refuses, before anything is copied, what cannot work: its output is shown, its exit code stops the installation. Our own classes are not there yet.

$refuse = function ($english, $german) {
    echo (strpos(pm_Locale::getCode(), 'de') === 0 ? $german : $english) . "\n";
    exit(1);
};

if (!pm_ProductInfo::isUnix()) {
    $refuse('Bailiff runs on Linux servers only.', 'Bailiff läuft nur auf Linux-Servern.');
}
$machines = ['x86_64' => 'x86_64', 'amd64' => 'x86_64', 'aarch64' => 'aarch64', 'arm64' => 'aarch64'];
$found = php_uname('m');
if (!isset($machines[$found]) || $machines[$found] !== '@MACHINE@') {
    $refuse(
        "This package of Bailiff is made for @MACHINE@ processors; this server has $found. Please install the package for its processor.",
        "Dieses Paket von Bailiff ist für Prozessoren der Art @MACHINE@ gemacht; dieser Server hat $found. Bitte das Paket für seinen Prozessor installieren."
    );
}
if (!is_dir('/run/systemd/system')) {
    $refuse('Bailiff needs systemd, which does not run on this server.', 'Bailiff braucht systemd, das auf diesem Server nicht läuft.');
}
if (!function_exists('curl_init')) {
    $refuse('Bailiff needs the PHP extension curl, which the panel does not have here.', 'Bailiff braucht die PHP-Erweiterung curl, die dem Panel hier fehlt.');
}
exit(0);
