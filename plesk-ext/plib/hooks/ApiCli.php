<?php
// `plesk ext bailiff …`: hands its words to the program `bailiff`, which knows the verbs, checks them and says what is wrong.

class Modules_Bailiff_ApiCli extends pm_Hook_ApiCli
{
    public function defaultCommand()
    {
        $this->pass($this->getArguments());
    }

    public function helpCommand()
    {
        $this->pass(['--help']);
    }

    private function pass(array $words)
    {
        // `-` is standard input: `plesk ext bailiff import - < file`.
        $stdin = in_array('-', $words, true) ? (string) file_get_contents('php://stdin') : '';
        $result = Modules_Bailiff_Ctl::run(array_merge(['cli', '--'], array_values($words)), $stdin);
        $this->stdout($result['stdout']);
        $this->stderr($result['stderr']);
        $this->exitCode($result['code']);
    }
}
