<?php
$messages = [
    'title' => 'Bailiff',
    'answers' => 'Der Bailiff-Dienst läuft auf diesem Server.',
    'silent' => 'Der Bailiff-Dienst läuft auf diesem Server nicht.',
    'adminOnly' => 'Nur der Administrator darf Bailiff benutzen.',
];
