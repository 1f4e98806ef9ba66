/* The stand-in for Plesk's setuid wrapper: runs the file of the same name in admin/sbin as root, with a bare environment. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROOT "/usr/local/psa/admin/"

int main(int argc, char **argv) {
  char target[1024];
  const char *bin = ROOT "bin/modules/";
  (void)argc;
  if (strncmp(argv[0], bin, strlen(bin)) != 0 || strstr(argv[0], "..") != NULL) return 126;
  snprintf(target, sizeof target, ROOT "sbin/modules/%s", argv[0] + strlen(bin));
  if (setgid(0) != 0 || setuid(0) != 0) return 126;
  char *environment[] = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C", NULL};
  argv[0] = target;
  execve(target, argv, environment);
  perror(target);
  return 127;
}
