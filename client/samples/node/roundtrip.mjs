// Sends a message with the npm package zeromq, receives it and gives it back; after Enter (restart the gateway meanwhile) repeats that,
// and completes it:
//   npm install zeromq && node roundtrip.mjs [tcp://127.0.0.1:7420]
// Each step has a socket of its own: after HELLO the gateway knows it, and a new socket is all that a restart of the gateway takes.
import { randomUUID } from "node:crypto"
import { once } from "node:events"
import { Dealer } from "zeromq"

const address = process.argv[2] ?? "tcp://127.0.0.1:7420"
const id = randomUUID()

// Returns the frames of the first message of that verb; null when the gateway is gone, or does not know this socket.
async function waitFor(gateway, verb) {
  for (;;) {
    let frames
    try {
      frames = (await gateway.receive()).map((frame) => frame.toString())
    } catch (error) {
      if (error.code === "EAGAIN") return null
      throw error
    }
    if (frames[0] === verb) return frames
    if (frames[0] === "REJECTED") throw new Error(`the gateway answers ${frames[2]}: ${frames[3]}`)
    if (frames[0] === "ERROR" || frames[0] === "GOODBYE") return null
  }
}

// Sends the message, which the gateway accepts once, receives it, and settles it. False to be repeated on a new socket.
async function roundTrip(...settlement) {
  const gateway = new Dealer({ linger: 500, receiveTimeout: 5000 })
  try {
    gateway.connect(address)
    await gateway.send(["HELLO", "1", "roundtrip"])
    await gateway.send(["ENQUEUE", "r1", "greetings@local", id, "", "", "hello"])
    if (!(await waitFor(gateway, "ACCEPTED"))) return false
    await gateway.send(["RECEIVE", "s1", "greetings", "1", ""])
    const message = await waitFor(gateway, "MESSAGE")
    if (!message) return false
    console.log(`received ${message[9]}, delivery ${message[4]}`)
    const [verb, ...more] = settlement
    await gateway.send([verb, "r2", message[2], ...more])
    const settled = await waitFor(gateway, "SETTLED")
    await gateway.send(["BYE"])
    return settled !== null
  } finally {
    gateway.close()
  }
}

while (!(await roundTrip("ABANDON", "")));
console.log("Restart the gateway if you like, then press Enter.")
await once(process.stdin, "data")
process.stdin.destroy()
while (!(await roundTrip("COMPLETE")));
console.log("completed")
