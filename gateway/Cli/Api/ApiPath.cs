using System.Globalization;
using Gateway.Http.Answers;
using Gateway.Http.Resources;
using Gateway.Store.Messages;

namespace Gateway.Cli.Api;

/// <summary>The addresses of resources; user input is escaped in each.</summary>
internal static class ApiPath
{
    /// <param name="queue">Null for the dead letters.</param>
    public static string Messages(QueueId? queue) => queue is { } id ? $"{Queue(id)}/messages" : $"{ApiRoot.Path}/dead-letters";

    public static string Queue(QueueId queue) =>
        $"{ApiRoot.Path}/queues/{HttpJson.NameOf(queue.Kind)}/{Uri.EscapeDataString(queue.Name)}";

    public static string Peer(string peer) => $"{ApiRoot.Path}/peers/{Uri.EscapeDataString(peer)}";

    public static string Inlet(string inlet) => $"{ApiRoot.Path}/tcp/inlets/{Uri.EscapeDataString(inlet)}";

    public static string Outlet(string outlet) => $"{ApiRoot.Path}/tcp/outlets/{Uri.EscapeDataString(outlet)}";

    public static string Operation(Guid id) => $"{ApiRoot.Path}/operations/{id}";

    /// <summary>Builds a query with a leading question mark; empty without values. Null values are left out.</summary>
    public static string Query(params IEnumerable<(string Name, string? Value)> parts)
    {
        var query = string.Join('&', parts.Where(part => part.Value is not null)
            .Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value!)}"));
        return query.Length > 0 ? $"?{query}" : "";
    }

    /// <summary>A filter as query parameters.</summary>
    public static IEnumerable<(string Name, string? Value)> Parts(FilterRequest? filter)
    {
        if (filter is null) yield break;
        yield return ("id", filter.Id);
        yield return ("acceptedFrom", filter.AcceptedFrom?.ToString("O", CultureInfo.InvariantCulture));
        yield return ("acceptedBefore", filter.AcceptedBefore?.ToString("O", CultureInfo.InvariantCulture));
        yield return ("sizeMin", Number(filter.SizeMin));
        yield return ("sizeMax", Number(filter.SizeMax));
        yield return ("source", filter.Source);
        foreach (var (name, text) in filter.Headers ?? []) yield return ("header", $"{name}:{text}");
        yield return ("reason", Word(filter.Reason));
        yield return ("fromPeer", filter.FromPeer);
        yield return ("from", filter.From is { } from ? $"{HttpJson.NameOf(from.Kind)}/{from.Name}" : null);
    }

    /// <summary>An enum member as the API writes it; null for none.</summary>
    public static string? Word<T>(T? member)
        where T : struct, Enum => member is { } one ? HttpJson.NameOf(one) : null;

    public static string? Number(long? number) => number?.ToString(CultureInfo.InvariantCulture);
}
