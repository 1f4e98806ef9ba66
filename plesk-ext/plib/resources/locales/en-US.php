<?php
$messages = [
    'title' => 'Bailiff',
    'answers' => 'The Bailiff service is running on this server.',
    'silent' => 'The Bailiff service does not run on this server.',
    'adminOnly' => 'Only the administrator may use Bailiff.',
];
