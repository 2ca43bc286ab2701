"""A program that knows nothing of the gateway: takes lines on a port of loopback, and appends each to a file once it is whole.

receiver.py PORT FILE [reply|full|deaf|brief|partly]   reply answers each line; full never accepts; deaf never reads; brief closes each
                                                connection after one line; partly never reads its first connection.
"""
import os
import signal
import socket
import sys
import threading


def serve(connection, target, replies):
    rest = b""
    while True:
        data = connection.recv(4096)
        if not data:
            return
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            os.write(target, line + b"\n")
            if replies:
                connection.sendall(b"ok " + line + b"\n")


def serve_briefly(connection, target):
    line = b""
    while not line.endswith(b"\n"):
        data = connection.recv(1)
        if not data:
            return
        line += data
    os.write(target, line)
    connection.close()


def main():
    port, path, how = int(sys.argv[1]), sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else ""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(0 if how == "full" else 16)
    print("listening", flush=True)
    if how == "full":
        signal.pause()
    target = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    held = []
    while True:
        connection, _ = listener.accept()
        if how == "brief":
            serve_briefly(connection, target)
            continue
        held.append(connection)
        if how == "deaf" or (how == "partly" and len(held) == 1):
            continue
        threading.Thread(target=serve, args=(connection, target, how in ("reply", "partly")), daemon=True).start()


main()
