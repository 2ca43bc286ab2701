/*
 * Sends a message with libzmq, receives it and gives it back; after Enter (restart the gateway meanwhile) repeats that, and completes it:
 *   cc -o roundtrip roundtrip.c -lzmq && ./roundtrip [tcp://127.0.0.1:7420]
 * Each step has a socket of its own: after HELLO the gateway knows it, and a new socket is all that a restart of the gateway takes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zmq.h>

#define FRAMES_MAX 12
#define FRAME_MAX 4096

static const char *address = "tcp://127.0.0.1:7420";
static void *context;
static char id[37];
static char frames[FRAMES_MAX][FRAME_MAX + 1];

/* Sends the frames, the last of which is followed by NULL. */
static void send_frames(void *to, const char **texts)
{
    for (; *texts; texts++)
        zmq_send(to, *texts, strlen(*texts), texts[1] ? ZMQ_SNDMORE : 0);
}

/* Reads a message into frames; 0 when none came within five seconds. */
static int receive_frames(void *from)
{
    int count = 0, more = 1;
    size_t size = sizeof more;
    while (more) {
        char *frame = frames[count < FRAMES_MAX ? count : FRAMES_MAX - 1];
        int length = zmq_recv(from, frame, FRAME_MAX, 0);
        if (length < 0)
            return 0;
        frame[length > FRAME_MAX ? FRAME_MAX : length] = 0;
        zmq_getsockopt(from, ZMQ_RCVMORE, &more, &size);
        count++;
    }
    return count;
}

/* Waits for one of the verbs that concern us; 0 when the gateway is gone, or does not know this socket. */
static int wait_for(void *from, const char *verb)
{
    while (receive_frames(from)) {
        if (strcmp(frames[0], verb) == 0)
            return 1;
        if (strcmp(frames[0], "REJECTED") == 0) {
            fprintf(stderr, "the gateway answers %s: %s\n", frames[2], frames[3]);
            exit(1);
        }
        if (strcmp(frames[0], "ERROR") == 0 || strcmp(frames[0], "GOODBYE") == 0)
            return 0;
    }
    return 0;
}

/* Sends the message, which the gateway accepts once, receives it, and settles it. 0 to be repeated on a new socket. */
static int round_trip(const char *settlement)
{
    const char *hello[] = {"HELLO", "1", "roundtrip", NULL};
    const char *enqueue[] = {"ENQUEUE", "r1", "greetings@local", id, "", "", "hello", NULL};
    const char *take[] = {"RECEIVE", "s1", "greetings", "1", "", NULL};
    const char *settle[] = {settlement, "r2", NULL, NULL, NULL};
    const char *bye[] = {"BYE", NULL};
    int linger = 500, patience = 5000, done;
    char token[FRAME_MAX + 1];
    void *gateway = zmq_socket(context, ZMQ_DEALER);
    zmq_setsockopt(gateway, ZMQ_LINGER, &linger, sizeof linger);
    zmq_setsockopt(gateway, ZMQ_RCVTIMEO, &patience, sizeof patience);
    zmq_connect(gateway, address);
    send_frames(gateway, hello);
    send_frames(gateway, enqueue);
    done = wait_for(gateway, "ACCEPTED");
    if (done) {
        send_frames(gateway, take);
        done = wait_for(gateway, "MESSAGE");
    }
    if (done) {
        printf("received %s, delivery %s\n", frames[9], frames[4]);
        fflush(stdout);
        strcpy(token, frames[2]);
        settle[2] = token;
        /* Without a delay. */
        if (strcmp(settlement, "ABANDON") == 0)
            settle[3] = "";
        send_frames(gateway, settle);
        done = wait_for(gateway, "SETTLED");
        send_frames(gateway, bye);
    }
    zmq_close(gateway);
    return done;
}

int main(int count, char **arguments)
{
    unsigned a, b;
    if (count > 1)
        address = arguments[1];
    srand((unsigned)time(NULL));
    a = (unsigned)rand();
    b = (unsigned)rand();
    sprintf(id, "%08x-%04x-4%03x-8%03x-%012lx", (unsigned)time(NULL), a & 0xffff, (a >> 16) & 0xfff, b & 0xfff, (unsigned long)b);
    context = zmq_ctx_new();
    while (!round_trip("ABANDON"))
        ;
    puts("Restart the gateway if you like, then press Enter.");
    fflush(stdout);
    getchar();
    while (!round_trip("COMPLETE"))
        ;
    zmq_ctx_term(context);
    puts("completed");
    return 0;
}
