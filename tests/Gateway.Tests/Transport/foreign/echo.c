/* A foreign peer on libzmq: sends messages to an echo, with heartbeats, and compares what comes back. echo ADDRESS BYTES */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zmq.h>

static void *socket_;

static void fail (const char *what)
{
    fprintf (stderr, "%s: %s\n", what, zmq_strerror (zmq_errno ()));
    exit (1);
}

static void set (int option, int value)
{
    if (zmq_setsockopt (socket_, option, &value, sizeof value) != 0)
        fail ("zmq_setsockopt");
}

static void echo (const char *bytes, size_t size, int is_in_two)
{
    if (is_in_two && zmq_send (socket_, "head", 4, ZMQ_SNDMORE) != 4)
        fail ("zmq_send");
    if (zmq_send (socket_, bytes, size, 0) != (int) size)
        fail ("zmq_send");
    zmq_msg_t message;
    zmq_msg_init (&message);
    if (is_in_two && (zmq_msg_recv (&message, socket_, 0) != 4 || !zmq_msg_more (&message)))
        fail ("the first frame");
    if (zmq_msg_recv (&message, socket_, 0) != (int) size || memcmp (zmq_msg_data (&message), bytes, size) != 0 || zmq_msg_more (&message))
        fail ("what comes back");
    zmq_msg_close (&message);
}

int main (int count, char **arguments)
{
    if (count != 3)
        return 2;
    size_t size = strtoul (arguments[2], NULL, 10);
    char *bytes = malloc (size);
    for (size_t i = 0; i < size; i++)
        bytes[i] = (char) (i * 2654435761u >> 13);

    void *context = zmq_ctx_new ();
    socket_ = zmq_socket (context, ZMQ_DEALER);
    set (ZMQ_LINGER, 0);
    set (ZMQ_RCVTIMEO, 60000);
    set (ZMQ_HEARTBEAT_IVL, 50);
    set (ZMQ_HEARTBEAT_TIMEOUT, 20000);
    set (ZMQ_HEARTBEAT_TTL, 20000);
    if (zmq_connect (socket_, arguments[1]) != 0)
        fail ("zmq_connect");

    echo (bytes, 0, 0);
    echo (bytes, 255, 0);
    echo (bytes, 256, 1);
    echo (bytes, size, 0);
    echo (bytes, size, 1);
    struct timespec pause = {0, 500000000};
    nanosleep (&pause, NULL);
    for (int i = 0; i < 1000; i++)
        echo (bytes + i, 100, i % 2);

    zmq_close (socket_);
    zmq_ctx_term (context);
    puts ("done");
    return 0;
}
