"""Sends a message over HTTP, receives it and gives it back; after Enter (restart the gateway meanwhile) repeats that, and completes it.

    python3 roundtrip.py [http://127.0.0.1:7425]

Needs nothing but Python's standard library.
"""

import http.client
import json
import sys
import time
import urllib.error
import urllib.request
import uuid

API = (sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:7425") + "/api/v1"


def post(path, body=b"", **headers):
    """A gateway that starts, stops, is busy or is full takes it soon; what it refuses for good ends the program, with the reason."""
    request = urllib.request.Request(API + path, body, {name.replace("_", "-"): text for name, text in headers.items()}, method="POST")
    for _ in range(30):
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            failure = f"{path}: {error.code} {error.read().decode()}"
            if error.code not in (408, 429) and error.code < 500:
                raise SystemExit(failure) from error
        except (OSError, http.client.HTTPException) as error:
            failure = f"{API}: {error}"
        time.sleep(1)
    raise SystemExit(failure)


def send():
    post("/queues/greetings@local/messages", b"hello", Idempotency_Key=KEY)


def receive():
    messages = post("/inbound/greetings/receive?max=1&wait=30")["messages"] or sys.exit("nothing came")
    print(f"received {messages[0]['text']}, delivery {messages[0]['deliveries']}", flush=True)
    return messages[0]["token"]


KEY = str(uuid.uuid4())
send()
post(f"/deliveries/{receive()}/abandon")
print("Restart the gateway if you like, then press Enter.", flush=True)
sys.stdin.readline()
send()
post(f"/deliveries/{receive()}/complete")
print("completed")
