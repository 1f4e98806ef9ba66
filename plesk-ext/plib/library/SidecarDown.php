<?php
// The sidecar cannot be asked; the message says why.

class Modules_Bailiff_SidecarDown extends Exception
{
}
