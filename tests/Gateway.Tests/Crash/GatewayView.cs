using System.Text.Json;
using Gateway.Client;

namespace Gateway.Tests.Crash;

/// <summary>The answer to STATUS.</summary>
internal sealed record GatewayView(
    string Name, string Incarnation, IReadOnlyList<GatewayView.Queue> Queues, long DeadLetters, IReadOnlyList<GatewayView.Link> Links)
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web);

    /// <summary>In all queues, listed or not.</summary>
    public long Messages => (Outgoing?.Messages ?? 0) + (Inbound?.Messages ?? 0);

    public Sum? Outgoing { get; init; }

    public Sum? Inbound { get; init; }

    public double LoopTurnMaxMs { get; init; }

    public static async Task<GatewayView> AskAsync(GatewayClient client, CancellationToken cancellationToken) =>
        JsonSerializer.Deserialize<GatewayView>(await client.GetStatusAsync(cancellationToken), _json)!;

    public long MessagesOf(string queue) => Queues.Where(known => known.Name == queue).Sum(known => known.Messages);

    public Link LinkTo(string peer) => Links.Single(link => link.Peer == peer);

    internal sealed record Sum(int Queues, long Messages, long Bytes);

    internal sealed record Queue(string Kind, string Name, long Messages, long Bytes);

    internal sealed record Link(string Peer, string State, string Cause, string? Advice, string? Evidence);
}
