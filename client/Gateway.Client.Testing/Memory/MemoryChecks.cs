using Gateway.Client.Wire;

namespace Gateway.Client.Testing.Memory;

/// <summary>What the gateway checks of a request before it takes it. The texts are shorter than those of a real gateway.</summary>
internal static class MemoryChecks
{
    /// <summary>A name is 1 to 64 of <c>a-z A-Z 0-9 . _ -</c>, and starts with a letter or digit.</summary>
    public static bool IsName(string name) =>
        name.Length is > 0 and <= ProtocolLimits.NameCharsMax && IsLetterOrDigit(name[0])
            && name.All(c => IsLetterOrDigit(c) || c is '.' or '_' or '-');

    /// <summary>The peer of a <c>queue@peer</c>; null for a bare queue.</summary>
    public static string? PeerOf(string destination) => destination.Split('@') is [_, var peer] ? peer : null;

    /// <summary>The queues of a destination, each <c>queue@gateway</c>; or why there are none.</summary>
    public static (WireCode Code, string Text)? FindTargets(
        string destination, InMemoryGatewayOptions options, out IReadOnlyList<string> targets)
    {
        targets = [];
        var parts = destination.Split('@');
        if (parts.Length > 2 || !parts.All(IsName))
            return (WireCode.BadDestination, $"'{destination}' is not a destination: write queue@peer, or a queue that has a route");
        if (parts is [var queue])
        {
            if (!options.Routes.TryGetValue(queue, out var route))
                return (WireCode.NoRoute, $"there is no route for '{queue}'");
            targets = route;
            return null;
        }

        if (parts[1] != options.Name && !options.Peers.Contains(parts[1]))
            return (WireCode.NoRoute, $"'{parts[1]}' is neither this gateway ({options.Name}) nor one of its peers");
        targets = [destination];
        return null;
    }

    /// <summary>Why the messages are not accepted; null if nothing is wrong with them.</summary>
    public static (WireCode Code, string Text)? FindFault(IReadOnlyList<EnqueueItem> items)
    {
        var limits = new WireLimits();
        if (items.Count > limits.BatchMessagesMax)
            return (WireCode.TooLarge, $"an ENQUEUE of {items.Count} messages is larger than the limit of {limits.BatchMessagesMax}");
        if (items.Sum(item => (long)item.Body.Length + item.Headers.Length) > limits.BatchBytesMax)
            return (WireCode.TooLarge, $"the messages are larger than the {limits.BatchBytesMax} bytes of one ENQUEUE");
        foreach (var item in items)
        {
            if (item.Body.Length > limits.BodyBytesMax)
                return (WireCode.TooLarge, $"a body of {item.Body.Length} bytes is larger than the limit of {limits.BodyBytesMax}");
            if (item.Headers.Length > limits.HeadersBytesMax)
                return (WireCode.TooLarge, $"headers of {item.Headers.Length} bytes are larger than the limit of {limits.HeadersBytesMax}");
            if (item.Id is { } id && id.Value == Guid.Empty)
                return (WireCode.BadMessageId, "a message id is all zeros");
            if (HeadersJson.FindFault(item.Headers.Span) is { } fault)
                return (WireCode.BadHeaders, fault);
        }

        return null;
    }

    private static bool IsLetterOrDigit(char c) => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9');
}
