using Gateway.Links.Causes;
using Gateway.Management;

namespace Gateway.Http.Views;

/// <summary>One outlet in full.</summary>
internal sealed record OutletDetailsView
{
    public required OutletView Outlet { get; init; }

    /// <summary>The time of this snapshot, by the gateway's clock, as in the history.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The latest of the open connections, the newest first; <see cref="OutletView.Open"/> is their number.</summary>
    public required IReadOnlyList<ConversationView> Connections { get; init; }

    public required IReadOnlyList<LinkPattern> Patterns { get; init; }

    /// <summary>The latest changes, oldest first.</summary>
    public required IReadOnlyList<LinkChangeView> History { get; init; }

    public static OutletDetailsView Of(OutletSummary outlet, DateTimeOffset now) => new()
    {
        Outlet = OutletView.Of(outlet, now),
        Now = now.ToUniversalTime(),
        Connections = [.. outlet.Status.Connections.Select(ConversationView.Of)],
        Patterns = TcpWords.Patterns(outlet.Status),
        History = [.. outlet.Status.History.Select(LinkChangeView.Of)],
    };
}
