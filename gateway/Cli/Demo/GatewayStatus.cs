using System.Text.Json;

namespace Gateway.Cli.Demo;

/// <summary>What a gateway says of itself, as far as the demo shows it (the reply to STATUS, see client/Wire/PROTOCOL.md).</summary>
internal sealed record GatewayStatus(IReadOnlyList<GatewayStatus.Queue> Queues, IReadOnlyList<GatewayStatus.Link> Links)
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web);

    public string Name { get; init; } = "";

    public long DeadLetters { get; init; }

    public Sum? Outgoing { get; init; }

    public Sum? Inbound { get; init; }

    /// <summary>Messages in all queues, listed or not.</summary>
    public long Messages => (Outgoing?.Messages ?? 0) + (Inbound?.Messages ?? 0);

    /// <summary>Messages in one queue; 0 when there is none of that name.</summary>
    public long MessagesOf(string kind, string name) =>
        Queues.Where(queue => queue.Kind == kind && queue.Name == name).Sum(queue => queue.Messages);

    /// <summary>Null when it is not such an object.</summary>
    public static GatewayStatus? Parse(string json)
    {
        try
        {
            var status = JsonSerializer.Deserialize<GatewayStatus>(json, _json);
            return status is null ? null : status with { Queues = status.Queues ?? [], Links = status.Links ?? [] };
        }
        catch (JsonException)
        {
            return null;
        }
    }

    internal sealed record Sum(int Queues, long Messages, long Bytes);

    internal sealed record Queue(string Kind, string Name, long Messages, long Bytes);

    internal sealed record Link(string Peer, string State, string? Cause, string? Advice)
    {
        public string Describe() => Cause is null or "" ? State : $"{State} ({Cause})";
    }
}
