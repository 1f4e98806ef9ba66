<?php
// Says who may come in: the administrator, as himself, and nobody else. Every controller and hook asks here besides what Plesk checks.

class Modules_Bailiff_Access
{
    /** Whether the administrator looks at this page, not impersonating a customer. */
    public static function isAdmin()
    {
        return pm_Session::isExist() && !pm_Session::isImpersonated() && pm_Session::getClient()->isAdmin();
    }

    /** @throws pm_Exception for everybody else */
    public static function requireAdmin()
    {
        if (!self::isAdmin()) {
            throw new pm_Exception(pm_Locale::lmsg('adminOnly'));
        }
    }
}
