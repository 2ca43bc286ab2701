/*
 * sender HOST PORT FRAMING FIRST LAST SIZE PAUSE_US WAITS
 *
 * A program of 2005: one thread sends numbered frames, another receives at the same time. After an error it connects again and goes on
 * with the next frame. If it WAITS for a frame in return for each, of the same number (1) or of any (2), it sends one without again.
 * It writes "sent N", "acked N" and "failed N ERRNO" to its standard output.
 */
#include "frames.h"

static enum framing framing;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static long acknowledged, awaited;
static int receiver_ended, waits;

static void *receive(void *argument)
{
    struct reader *reader = argument;
    long number;
    while ((number = read_frame(reader)) >= 0) {
        pthread_mutex_lock(&lock);
        acknowledged = waits == 2 ? awaited : number;
        pthread_cond_signal(&changed);
        pthread_mutex_unlock(&lock);
    }
    pthread_mutex_lock(&lock);
    receiver_ended = 1;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&lock);
    return NULL;
}

/* Waits for the frame in return; false if the connection ended before. */
static int await_acknowledgement(long number)
{
    pthread_mutex_lock(&lock);
    while (acknowledged != number && !receiver_ended) pthread_cond_wait(&changed, &lock);
    int is_there = acknowledged == number;
    pthread_mutex_unlock(&lock);
    if (is_there) note("acked %ld\n", number);
    return is_there;
}

static int connect_to(const char *host, int port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((unsigned short)port) };
    inet_pton(AF_INET, host, &address.sin_addr);
    for (;;) {
        int connection = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(connection, (struct sockaddr *)&address, sizeof address) == 0) return connection;
        close(connection);
        usleep(20000);
    }
}

int main(int count, char **arguments)
{
    if (count != 9) return 2;
    signal(SIGPIPE, SIG_IGN);
    framing = framing_of(arguments[3]);
    long first = atol(arguments[4]), last = atol(arguments[5]);
    int size = atoi(arguments[6]), pause_us = atoi(arguments[7]);
    waits = atoi(arguments[8]);
    unsigned char *frame = malloc(FRAME_MAX);

    for (long number = first; number <= last;) {
        struct reader *reader = calloc(1, sizeof *reader);
        pthread_t receiver;
        reader->socket = connect_to(arguments[1], atoi(arguments[2]));
        reader->framing = framing;
        reader->fixed_size = size;
        receiver_ended = 0;
        pthread_create(&receiver, NULL, receive, reader);
        for (; number <= last; number++) {
            pthread_mutex_lock(&lock);
            awaited = number;
            pthread_mutex_unlock(&lock);
            if (!send_all(reader->socket, frame, make_frame(frame, framing, number, size))) {
                note("failed %ld %d\n", number, errno);
                /* The seed's programs take a failed send for a lost frame, and go on with the next on a new connection. */
                if (!waits) number++;
                break;
            }
            note("sent %ld\n", number);
            if (waits && !await_acknowledgement(number)) {
                note("failed %ld %d\n", number, ECONNRESET);
                break;
            }
            if (pause_us > 0) usleep((unsigned int)pause_us);
        }
        shutdown(reader->socket, number > last ? SHUT_WR : SHUT_RDWR);
        pthread_join(receiver, NULL);
        close(reader->socket);
        free(reader);
    }
    return 0;
}
