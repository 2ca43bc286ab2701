#!/usr/bin/env python3
"""A client of the gateway's local protocol, written from client/Gateway.Client/Wire/PROTOCOL.md alone.

    gateway_client.py ADDRESS roundtrip QUEUE GATEWAYNAME COUNT

enqueues COUNT messages to QUEUE@GATEWAYNAME, receives them from QUEUE, checks bodies and order, completes each, and looks that
nothing is left. Prints "OK COUNT" and exits 0, or says on stderr what went wrong and exits 1.
"""

import collections
import json
import sys
import time
import uuid

import zmq

TIMEOUT_MS = 30_000

Message = collections.namedtuple("Message", "token id deliveries headers enqueued expires source body")
Peeked = collections.namedtuple("Peeked", "number id deliveries headers enqueued expires source body")


class GatewayError(Exception):
    """The gateway refused, answered out of turn, or did not answer."""


class GatewayClient:
    """One connection, used by one thread. Messages that arrive while an answer is awaited are kept for receive()."""

    def __init__(self, address):
        self._context = zmq.Context()
        self._socket = self._context.socket(zmq.DEALER)
        self._socket.setsockopt(zmq.LINGER, 500)
        self._socket.connect(address)
        self._arrived = collections.deque()
        self._unpacked = collections.deque()
        self._last_id = 0

    def close(self):
        self._socket.send_multipart([b"BYE"])
        self._socket.close()
        self._context.term()

    def hello(self, application):
        """Returns (gateway name, incarnation, limits)."""
        self._socket.send_multipart([b"HELLO", b"1", application.encode()])
        frames = self._read(self._deadline())
        if frames[0] != b"WELCOME" or len(frames) != 5:
            raise GatewayError(f"HELLO was answered {frames}")
        return frames[2].decode(), frames[3].decode(), json.loads(frames[4])

    def enqueue(self, destination, bodies, headers=None):
        """All or none of the bodies, in order. Returns the message ids once they are on stable storage."""
        ids = [str(uuid.uuid4()).encode() for _ in bodies]
        headers_json = json.dumps(headers).encode() if headers else b""
        items = [frame for message_id, body in zip(ids, bodies) for frame in (message_id, headers_json, b"", body)]
        answer = self._ask(b"ENQUEUE", [destination.encode(), *items], b"ACCEPTED")
        if answer != ids:
            raise GatewayError(f"ACCEPTED names {answer}, sent were {ids}")
        return [message_id.decode() for message_id in answer]

    def enqueue_packed(self, destination, bodies, headers=None):
        """As many requests as there are bodies, in one PACKED. Returns the message ids once they are on stable storage."""
        headers_json = json.dumps(headers).encode() if headers else b""
        request_ids = [b"p%d" % i for i in range(len(bodies))]
        self._socket.send_multipart(
            [
                b"PACKED",
                b"".join(
                    _pack([b"ENQUEUE", request_id, destination.encode(), b"", headers_json, b"", body])
                    for request_id, body in zip(request_ids, bodies)
                ),
            ]
        )
        deadline = self._deadline()
        accepted = [self._read(deadline) for _ in request_ids]
        if [answer[:2] for answer in accepted] != [[b"ACCEPTED", request_id] for request_id in request_ids]:
            raise GatewayError(f"PACKED was answered {accepted}")
        return [answer[2].decode() for answer in accepted]

    def subscribe(self, subscription, queue, credit, lease_ms=None):
        lease = b"" if lease_ms is None else str(lease_ms).encode()
        self._socket.send_multipart([b"RECEIVE", subscription.encode(), queue.encode(), str(credit).encode(), lease])

    def receive(self):
        """The next message of any subscription."""
        deadline = self._deadline()
        while not self._arrived:
            frames = self._read(deadline)
            if frames[0] == b"REJECTED":
                raise GatewayError(f"RECEIVE was refused: {frames}")
            self._keep(frames)
        return self._arrived.popleft()

    def stop(self, subscription):
        self._await([b"STOP", subscription.encode()], b"STOPPED", subscription.encode())

    def complete(self, token):
        self._ask(b"COMPLETE", [token], b"SETTLED")

    def peek(self, queue, after=0, count=20):
        frames = self._ask(b"PEEK", [queue.encode(), str(after).encode(), str(count).encode()], b"PEEKED")
        return [
            Peeked(int(number), mid.decode(), int(deliveries), _headers(headers), int(enqueued), _time(expires), source.decode(), body)
            for number, mid, deliveries, headers, enqueued, expires, source, body in (frames[i : i + 8] for i in range(0, len(frames), 8))
        ]

    def ready(self):
        name, obstacle = self._ask(b"READY", [], b"READY")
        return name.decode(), obstacle.decode()

    def depth(self, queue):
        return int(self._ask(b"DEPTH", [queue.encode()], b"DEPTH")[0])

    def _ask(self, verb, frames, expected):
        self._last_id += 1
        request_id = b"r%d" % self._last_id
        return self._await([verb, request_id, *frames], expected, request_id)

    def _await(self, frames, expected, request_id):
        """Sends, and returns the frames of the answer after its verb and id."""
        self._socket.send_multipart(frames)
        deadline = self._deadline()
        while True:
            answer = self._read(deadline)
            if len(answer) >= 2 and answer[1] == request_id and answer[0] == expected:
                return answer[2:]
            if answer[0] == b"REJECTED":
                raise GatewayError(f"{frames[0].decode()} was refused: {[frame.decode(errors='replace') for frame in answer[2:]]}")
            self._keep(answer)

    def _keep(self, frames):
        if frames[0] != b"MESSAGE":
            raise GatewayError(f"{frames} came out of turn")
        _, _, token, mid, deliveries, headers, enqueued, expires, source, body = frames
        self._arrived.append(
            Message(token, mid.decode(), int(deliveries), _headers(headers), int(enqueued), _time(expires), source.decode(), body)
        )

    def _read(self, deadline):
        left_ms = max(0, int((deadline - time.monotonic()) * 1000))
        if not self._unpacked:
            if not self._socket.poll(left_ms):
                raise GatewayError(f"no answer within {TIMEOUT_MS} ms")
            frames = self._socket.recv_multipart()
            self._unpacked.extend(_unpack(frames[1]) if frames[0] == b"PACKED" else [frames])
        frames = self._unpacked.popleft()
        if frames[0] in (b"ERROR", b"GOODBYE"):
            raise GatewayError(f"the gateway said {[frame.decode(errors='replace') for frame in frames]}")
        return frames

    @staticmethod
    def _deadline():
        return time.monotonic() + TIMEOUT_MS / 1000


def _pack(frames):
    packed = b""
    for i, frame in enumerate(frames):
        more = 1 if i < len(frames) - 1 else 0
        length = bytes([more, len(frame)]) if len(frame) < 256 else bytes([more | 2]) + len(frame).to_bytes(8, "big")
        packed += length + frame
    return packed


def _unpack(packed):
    """Yields the frames of each message."""
    frames = []
    while packed:
        size = 9 if packed[0] & 2 else 2
        end = size + int.from_bytes(packed[1:size], "big")
        frames.append(packed[size:end])
        if not packed[0] & 1:
            yield frames
            frames = []
        packed = packed[end:]


def _headers(frame):
    return json.loads(frame) if frame else {}


def _time(frame):
    return int(frame) if frame else None


def roundtrip(address, queue, gateway_name, count):
    client = GatewayClient(address)
    try:
        name, _, limits = client.hello("gateway_client.py")
        if name != gateway_name:
            raise GatewayError(f"this is gateway {name}, not {gateway_name}")
        bodies = [b"message %d" % i for i in range(count)]
        ids = []
        batch = min(100, limits["batchMessagesMax"])
        for first in range(0, count, batch):
            # In turn, each way that there is.
            enqueue = client.enqueue_packed if first // batch % 2 else client.enqueue
            ids += enqueue(f"{queue}@{gateway_name}", bodies[first : first + batch], {"sender": "python"})
        credit = min(50, limits["creditMax"])
        client.subscribe("s1", queue, credit)
        for i in range(count):
            message = client.receive()
            if (message.id, message.body, message.headers) != (ids[i], bodies[i], {"sender": "python"}):
                raise GatewayError(f"message {i} is {message}, expected {ids[i]} {bodies[i]}")
            client.complete(message.token)
            client.subscribe("s1", queue, 1)
        client.stop("s1")
        left = client.peek(queue)
        if left:
            raise GatewayError(f"{len(left)} messages are left")
        if client.depth(queue):
            raise GatewayError("DEPTH counts messages where none are left")
        if client.ready() != (gateway_name, ""):
            raise GatewayError("READY names another gateway, or an obstacle")
    finally:
        client.close()


def main(arguments):
    if len(arguments) != 6 or arguments[2] != "roundtrip":
        print(__doc__, file=sys.stderr)
        return 1
    _, address, _, queue, gateway_name, count = arguments
    try:
        roundtrip(address, queue, gateway_name, int(count))
    except (GatewayError, ValueError, KeyError, zmq.ZMQError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"OK {count}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
