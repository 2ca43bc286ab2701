using System.Globalization;
using Gateway.Client.Wire;

namespace Gateway.Tcp;

/// <summary>The headers of one message of an inlet or outlet, named in <see cref="TcpNames"/>; empty for those it does not have.</summary>
internal sealed record TcpHeaders
{
    public string Inlet { get; init; } = "";

    public string Outlet { get; init; } = "";

    public string Conversation { get; init; } = "";

    /// <summary>Of an event, the number that the next frame would have had; 0 if it does not tell.</summary>
    public long Frame { get; init; }

    public string From { get; init; } = "";

    public string Reply { get; init; } = "";

    public string Answer { get; init; } = "";

    public string Framing { get; init; } = "";

    public string Event { get; init; } = "";

    /// <summary>Reads the headers of any message; those of others, and what is malformed, count as absent.</summary>
    public static TcpHeaders Read(ReadOnlyMemory<byte> json)
    {
        if (!HeadersJson.TryRead(json, out var found)) return new TcpHeaders();
        _ = long.TryParse(found.GetValueOrDefault(TcpNames.Frame), NumberStyles.None, CultureInfo.InvariantCulture, out var frame);
        return new TcpHeaders
        {
            Inlet = found.GetValueOrDefault(TcpNames.Inlet, ""),
            Outlet = found.GetValueOrDefault(TcpNames.Outlet, ""),
            Conversation = found.GetValueOrDefault(TcpNames.Conversation, ""),
            Frame = frame,
            From = found.GetValueOrDefault(TcpNames.From, ""),
            Reply = found.GetValueOrDefault(TcpNames.Reply, ""),
            Answer = found.GetValueOrDefault(TcpNames.Answer, ""),
            Framing = found.GetValueOrDefault(TcpNames.Framing, ""),
            Event = found.GetValueOrDefault(TcpNames.Event, ""),
        };
    }
}
