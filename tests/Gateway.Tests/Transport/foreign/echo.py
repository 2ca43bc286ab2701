"""A foreign peer: sends messages of all shapes to an echo, with heartbeats, and compares what comes back. echo.py ADDRESS BYTES"""
import os
import sys
import time

import zmq

address, size = sys.argv[1], int(sys.argv[2])
socket = zmq.Context().socket(zmq.DEALER)
socket.linger = 0
socket.rcvtimeo = 60_000
socket.identity = b"foreign"
socket.heartbeat_ivl = 50
socket.heartbeat_timeout = 20_000
socket.heartbeat_ttl = 20_000
socket.connect(address)

shapes = [[b"a"], [b""], [b"", b""], [b"x" * 255], [b"x" * 256],
          [b"1", b"2" * 300, b"", b"4"], [os.urandom(size)], [b"head", os.urandom(size // 2), b"tail"]]
for shape in shapes:
    socket.send_multipart(shape)
    assert socket.recv_multipart() == shape, [len(part) for part in shape]

# Several heartbeats pass, and the connection is the same.
time.sleep(0.5)
for number in range(1000):
    socket.send_multipart([b"%d" % number])
for number in range(1000):
    assert socket.recv_multipart() == [b"%d" % number]
print("done")
