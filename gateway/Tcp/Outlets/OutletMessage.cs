using Gateway.Inbox;

namespace Gateway.Tcp.Outlets;

/// <summary>One message of the queue that an outlet holds, and how far it is. Owned by the outlet.</summary>
internal sealed class OutletMessage
{
    /// <summary><see cref="InletAnswer.Far"/>, as it is written in headers.</summary>
    private const string FarAnswer = "far";

    public OutletMessage(InnerDelivery delivery)
    {
        Delivery = delivery;
        var headers = TcpHeaders.Read(delivery.Stored.Message.Headers);
        Conversation = headers.Conversation;
        Inlet = headers.Inlet.Length == 0 ? "" : $"{headers.Inlet}@{delivery.Stored.Message.Source}";
        From = headers.From;
        Frame = headers.Frame;
        Event = Body.IsEmpty ? headers.Event : "";
        IsOfStream = headers.Framing == TcpNames.FramingStream;
        IsAnsweredThere = headers.Answer == FarAnswer;
        ReplyTo = headers.Reply.Length == 0 ? null : new ReplyAddress(headers.Reply, Conversation);
    }

    public InnerDelivery Delivery { get; }

    public ReadOnlyMemory<byte> Body => Delivery.Stored.Message.Body;

    public long Number => Delivery.Stored.Number;

    /// <summary>The conversation at an inlet; empty for a message of an application.</summary>
    public string Conversation { get; }

    /// <summary>The inlet with its gateway; empty likewise.</summary>
    public string Inlet { get; }

    /// <summary>The program at the inlet.</summary>
    public string From { get; }

    /// <summary>Its number in the conversation; of an event, the one that the next frame would have had. 0 if it has none.</summary>
    public long Frame { get; }

    /// <summary>What has happened to the conversation; empty for a frame.</summary>
    public string Event { get; }

    /// <summary>It is a piece of a stream, or tells what has happened to one.</summary>
    public bool IsOfStream { get; }

    /// <summary>The program at the inlet waits for the reply.</summary>
    public bool IsAnsweredThere { get; }

    /// <summary>Where replies go; null for a message of an application.</summary>
    public ReplyAddress? ReplyTo { get; }

    /// <summary>Where its last byte is on the connection on which it was sent; null before.</summary>
    public long? End { get; set; }

    /// <summary>When it was sent or acknowledged last, in the loop's uptime.</summary>
    public TimeSpan At { get; set; }

    /// <summary>
    /// The connections in a row on which it was acknowledged, and which the target then ended in an orderly way: it had read it each time.
    /// </summary>
    public int OrderlyEnds { get; set; }

    /// <summary>How often the target has refused it.</summary>
    public int Refusals { get; set; }
}

/// <summary>Where the replies to a conversation go.</summary>
/// <param name="Destination">The queue of the inlet's replies, <c>queue@gateway</c>.</param>
internal sealed record ReplyAddress(string Destination, string Conversation);
