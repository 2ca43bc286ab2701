/* A system that does not tell what TCP has acknowledged: preloaded, it refuses TCP_INFO as long as the file is there that UNTOLD names. */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

int getsockopt(int socket, int level, int name, void *value, socklen_t *length)
{
    const char *path = getenv("UNTOLD");
    if (level == IPPROTO_TCP && name == TCP_INFO && path && access(path, F_OK) == 0) {
        errno = ENOPROTOOPT;
        return -1;
    }
    return (int)syscall(SYS_getsockopt, socket, level, name, value, length);
}
