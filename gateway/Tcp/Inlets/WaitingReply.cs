using Gateway.Inbox;

namespace Gateway.Tcp.Inlets;

/// <summary>A reply that waits.</summary>
/// <param name="Number">Its number in the queue.</param>
/// <param name="Bytes">Of its body.</param>
/// <param name="Held">Null if it is in the store alone.</param>
internal sealed record WaitingReply(long Number, int Bytes, InnerDelivery? Held);
