using Gateway.Management;

namespace Gateway.Http.Views;

/// <summary>One inlet in full.</summary>
/// <param name="Now">The time of this snapshot, by the gateway's clock.</param>
/// <param name="Conversations">The latest open conversations, the newest first; <see cref="InletView.Open"/> is their number.</param>
internal sealed record InletDetailsView(InletView Inlet, DateTimeOffset Now, IReadOnlyList<ConversationView> Conversations)
{
    public static InletDetailsView Of(InletSummary inlet, DateTimeOffset now) => new(
        InletView.Of(inlet), now.ToUniversalTime(), [.. inlet.Status.Conversations.Select(ConversationView.Of)]);
}
