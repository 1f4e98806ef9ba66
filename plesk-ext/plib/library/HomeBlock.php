<?php
// Bans of the last 24 hours with a small chart, and how many are banned now. It is loaded after the page, so a slow sidecar holds up nobody.

class Modules_Bailiff_HomeBlock extends \Plesk\SDK\Hook\Home\Block
{
    const SECONDS = 3;
    const WIDTH = 240;
    const HEIGHT = 48;

    public function getId(): string
    {
        return 'bailiff';
    }

    public function getName(): string
    {
        pm_Context::init('bailiff');
        return pm_Locale::lmsg('homeTitle');
    }

    public function getTitle(): string
    {
        pm_Context::init('bailiff');
        return self::escape(pm_Locale::lmsg('homeTitle'));
    }

    public function getSection(): string
    {
        return self::SECTION_SECURITY;
    }

    public function getIcon(): string
    {
        return 'shield';
    }

    public function isAsyncLoaded(): bool
    {
        return true;
    }

    public function getContent(): string
    {
        pm_Context::init('bailiff');
        if (!Modules_Bailiff_Access::isAdmin()) {
            return '';
        }
        $summary = (new Modules_Bailiff_Sidecar())->data('/panel/summary', self::SECONDS);
        return $summary === null ? '<p>' . self::escape(pm_Locale::lmsg('down')) . '</p>' : self::paint($summary);
    }

    public function getFooter(): string
    {
        pm_Context::init('bailiff');
        return '<a href="' . self::escape(pm_Context::getActionUrl('index')) . '">' . self::escape(pm_Locale::lmsg('homeOpen')) . '</a>';
    }

    /** HTML of the numbers; everything in it is escaped. */
    public static function paint(array $summary)
    {
        $bans = array_map(function ($hour) {
            return (int) $hour['bans'];
        }, $summary['hours']);
        $lines = [pm_Locale::lmsg('homeBans') . ': ' . array_sum($bans)];
        if ($summary['engine'] === null) {
            $lines[] = pm_Locale::lmsg('homeSilent');
        } else {
            $lines[] = pm_Locale::lmsg('homeBanned') . ': ' . (int) $summary['banned'];
        }
        if ((int) $summary['broken'] > 0) {
            $lines[] = pm_Locale::lmsg('homeBroken', ['count' => (int) $summary['broken']]);
        }
        $html = self::chart($bans);
        foreach ($lines as $line) {
            $html .= '<div>' . self::escape($line) . '</div>';
        }
        return $html;
    }

    /** Bars in the colour of the text, so that they are seen on every background. */
    private static function chart(array $bans)
    {
        $peak = max(array_merge([1], $bans));
        $step = self::WIDTH / max(1, count($bans));
        $bars = '';
        foreach (array_values($bans) as $index => $count) {
            $height = $count === 0 ? 1 : max(2, (int) round($count / $peak * self::HEIGHT));
            $bars .= sprintf(
                '<rect x="%d" y="%d" width="%d" height="%d"/>',
                (int) round($index * $step),
                self::HEIGHT - $height,
                (int) max(1, floor($step) - 2),
                $height
            );
        }
        return sprintf(
            '<svg viewBox="0 0 %d %d" width="100%%" height="%d" preserveAspectRatio="none" fill="currentColor" role="img" aria-label="%s">%s</svg>',
            self::WIDTH,
            self::HEIGHT,
            self::HEIGHT,
            self::escape(pm_Locale::lmsg('homeChart')),
            $bars
        );
    }

    private static function escape($text)
    {
        return htmlspecialchars((string) $text, ENT_QUOTES | ENT_SUBSTITUTE, 'UTF-8');
    }
}
