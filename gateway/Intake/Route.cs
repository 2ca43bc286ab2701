using Gateway.Client.Wire;
using Gateway.Store.Messages;

namespace Gateway.Intake;

/// <summary>Where the messages to a bare queue name go. Immutable.</summary>
/// <param name="Destinations">Each <c>queue@peer</c>, and each once.</param>
internal sealed record Route(IReadOnlyList<string> Destinations)
{
    public RouteMode Mode { get; init; }

    /// <summary>The header that holds the key of a message, for <see cref="RouteMode.Partition"/>.</summary>
    public string KeyHeader { get; init; } = MessageKey.Header;
}
