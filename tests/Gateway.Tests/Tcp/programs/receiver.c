/*
 * receiver PORT FRAMING SIZE ANSWERS PAUSE_US
 *
 * A program of 2005: it takes connections, a thread each, and notes the frames as they come; if it ANSWERS (1), each gets a frame of its
 * number in return. It writes "listening PORT", "got N" and "ended ERRNO" to its standard output. SIZE is that of fixed frames and answers.
 */
#include "frames.h"

static enum framing framing;
static int size, answers, pause_us;

static void *serve(void *argument)
{
    struct reader *reader = argument;
    unsigned char *answer = malloc(FRAME_MAX);
    long number;
    while ((number = read_frame(reader)) >= 0) {
        note("got %ld\n", number);
        if (answers && !send_all(reader->socket, answer, make_frame(answer, framing, number, size))) break;
        if (pause_us > 0) usleep((unsigned int)pause_us);
    }
    note("ended %d\n", errno);
    close(reader->socket);
    free(answer);
    free(reader);
    return NULL;
}

int main(int count, char **arguments)
{
    if (count != 6) return 2;
    signal(SIGPIPE, SIG_IGN);
    framing = framing_of(arguments[2]);
    size = atoi(arguments[3]);
    answers = atoi(arguments[4]);
    pause_us = atoi(arguments[5]);

    int listener = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(arguments[1])) };
    socklen_t length = sizeof address;
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 16) != 0) {
        perror("receiver");
        return 1;
    }
    getsockname(listener, (struct sockaddr *)&address, &length);
    note("listening %d\n", ntohs(address.sin_port));

    for (;;) {
        struct reader *reader = calloc(1, sizeof *reader);
        pthread_t thread;
        reader->socket = accept(listener, NULL, NULL);
        reader->framing = framing;
        reader->fixed_size = size;
        pthread_create(&thread, NULL, serve, reader);
        pthread_detach(thread);
    }
}
