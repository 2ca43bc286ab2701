using Gateway.Links.Causes;
using Gateway.Management;

namespace Gateway.Http.Views;

/// <summary>One inlet in full.</summary>
internal sealed record InletDetailsView
{
    public required InletView Inlet { get; init; }

    /// <summary>The time of this snapshot, by the gateway's clock, as in the history.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The latest open conversations, the newest first; <see cref="InletView.Open"/> is their number.</summary>
    public required IReadOnlyList<ConversationView> Conversations { get; init; }

    public required IReadOnlyList<LinkPattern> Patterns { get; init; }

    /// <summary>The latest changes and unintended ends of conversations, oldest first.</summary>
    public required IReadOnlyList<LinkChangeView> History { get; init; }

    public static InletDetailsView Of(InletSummary inlet, DateTimeOffset now) => new()
    {
        Inlet = InletView.Of(inlet),
        Now = now.ToUniversalTime(),
        Conversations = [.. inlet.Status.Conversations.Select(ConversationView.Of)],
        Patterns = TcpWords.Patterns(inlet.Status),
        History = [.. inlet.Status.History.Select(LinkChangeView.Of)],
    };
}
