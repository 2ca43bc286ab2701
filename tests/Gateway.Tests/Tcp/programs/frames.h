/* Frames as programs of 2005 make them: a number, filled up to a size, marked in one of five ways. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#define FRAME_MAX 65536
#define NUMBER_DIGITS 10

enum framing { DELIMITER, LENGTH, OCTETS, MLLP, FIXED };

static enum framing framing_of(const char *name)
{
    static const char *names[] = { "delimiter", "length", "octets", "mllp", "fixed" };
    for (int i = 0; i < 5; i++)
        if (strcmp(name, names[i]) == 0) return (enum framing)i;
    fprintf(stderr, "no framing is called %s\n", name);
    exit(2);
}

/* One line of the ledger in one write, so that a kill leaves whole lines only. */
static void note(const char *format, ...)
{
    char line[128];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (write(1, line, (size_t)length) != length) exit(3);
}

/* The number in ten digits, then letters; the size counts everything. Returns the size. */
static int make_frame(unsigned char *frame, enum framing framing, long number, int size)
{
    char digits[32];
    snprintf(digits, sizeof digits, "%0*ld", NUMBER_DIGITS, number);
    memset(frame, 'a' + (int)(number % 26), (size_t)size);
    int begin = 0;
    if (framing == LENGTH) {
        unsigned int body = htonl((unsigned int)size - 4);
        memcpy(frame, &body, 4);
        begin = 4;
    } else if (framing == OCTETS) {
        char count[16];
        int body = size - 2;
        for (int left = body; left > 0; left /= 10) body = size - 1 - snprintf(count, sizeof count, "%d", body);
        begin = snprintf(count, sizeof count, "%d ", body);
        memcpy(frame, count, (size_t)begin);
        size = begin + body;
    } else if (framing == MLLP) {
        frame[0] = 0x0B;
        frame[size - 2] = 0x1C;
        frame[size - 1] = '\r';
        begin = 1;
    } else if (framing == DELIMITER) {
        frame[size - 2] = '\r';
        frame[size - 1] = '\n';
    }
    memcpy(frame + begin, digits, NUMBER_DIGITS);
    return size;
}

/* What send(2) is called with in a loop; false after an error, with errno. */
static int send_all(int socket, const unsigned char *bytes, int size)
{
    for (int sent = 0; sent < size;) {
        ssize_t count = send(socket, bytes + sent, (size_t)(size - sent), 0);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return 0;
        sent += (int)count;
    }
    return 1;
}

struct reader {
    int socket;
    enum framing framing;
    int fixed_size;
    int filled;
    unsigned char bytes[2 * FRAME_MAX];
};

/* The length of the whole frame at the beginning of the buffer, where its number begins in it; 0 if it is not whole yet. */
static int whole_frame(const struct reader *reader, int *begin)
{
    *begin = 0;
    if (reader->framing == FIXED) return reader->filled >= reader->fixed_size ? reader->fixed_size : 0;
    if (reader->framing == LENGTH) {
        if (reader->filled < 4) return 0;
        unsigned int body;
        memcpy(&body, reader->bytes, 4);
        int size = 4 + (int)ntohl(body);
        *begin = 4;
        return reader->filled >= size ? size : 0;
    }
    if (reader->framing == OCTETS) {
        int body = 0;
        for (int i = 0; i < reader->filled; i++) {
            if (reader->bytes[i] == ' ') {
                *begin = i + 1;
                return reader->filled >= i + 1 + body ? i + 1 + body : 0;
            }
            body = 10 * body + (reader->bytes[i] - '0');
        }
        return 0;
    }
    if (reader->framing == MLLP) *begin = 1;
    unsigned char last = reader->framing == MLLP ? '\r' : '\n', before = reader->framing == MLLP ? 0x1C : '\r';
    for (int i = 1; i < reader->filled; i++)
        if (reader->bytes[i] == last && reader->bytes[i - 1] == before) return i + 1;
    return 0;
}

/* The number of the next frame; -1 at the end, with errno, which is 0 if the other side has closed the connection. */
static long read_frame(struct reader *reader)
{
    for (;;) {
        int begin, size = whole_frame(reader, &begin);
        if (size > 0) {
            char digits[NUMBER_DIGITS + 1] = "";
            memcpy(digits, reader->bytes + begin, NUMBER_DIGITS);
            memmove(reader->bytes, reader->bytes + size, (size_t)(reader->filled - size));
            reader->filled -= size;
            return atol(digits);
        }
        ssize_t count = recv(reader->socket, reader->bytes + reader->filled, sizeof reader->bytes - (size_t)reader->filled, 0);
        if (count < 0 && errno == EINTR) continue;
        if (count == 0) errno = 0;
        if (count <= 0) return -1;
        reader->filled += (int)count;
    }
}
