"""An MLLP exchange, the usual way of HL7 between systems of hospitals.

mllp.py listen PORT: answers each message with AA; of each tenth, the first time, with AE, as a system does that is busy.
mllp.py send PORT COUNT: sends messages and waits for the acknowledgement of each, which names its control id.
"""
import socket
import sys

START, END = b"\x0b", b"\x1c\r"


def frames(connection):
    rest = b""
    while True:
        piece = connection.recv(65536)
        if not piece:
            return
        rest += piece
        while END in rest:
            frame, rest = rest.split(END, 1)
            assert frame.startswith(START), frame[:20]
            yield frame[1:].decode()


def listen(port):
    refused = set()
    with socket.create_server(("127.0.0.1", port)) as server:
        print("listening", flush=True)
        while True:
            connection, _ = server.accept()
            for message in frames(connection):
                control = message.split("|")[9]
                code = "AE" if int(control) % 10 == 0 and control not in refused else "AA"
                refused.add(control)
                print(code, control, flush=True)
                answer = f"MSH|^~\\&|LAB|B|ADT|A|20261130||ACK|{control}|P|2.3\rMSA|{code}|{control}\r"
                connection.sendall(START + answer.encode() + END)


def send(port, count):
    with socket.create_connection(("127.0.0.1", port)) as connection:
        answers = frames(connection)
        for control in range(1, count + 1):
            message = f"MSH|^~\\&|ADT|A|LAB|B|20261130||ADT^A01|{control}|P|2.3\rPID|||{control}||Doe^Jane\r"
            connection.sendall(START + message.encode() + END)
            answer = next(answers)
            assert f"MSA|AA|{control}\r" in answer, answer
            print("acknowledged", control, flush=True)


if sys.argv[1] == "listen":
    listen(int(sys.argv[2]))
else:
    send(int(sys.argv[2]), int(sys.argv[3]))
