using System.Threading.Channels;
using Gateway.Links.Pairing;

namespace Gateway.Management;

/// <summary>
/// Invites other gateways to become peers. It decides who has proved an invitation; the peer itself is written to the configuration by
/// whoever made it. Thread-safe.
/// </summary>
internal interface IPairing
{
    /// <summary>Makes an invitation for one gateway. It is kept in memory alone.</summary>
    /// <param name="addresses">Where this gateway may be reached, as <c>HOST:PORT</c>, the likeliest first.</param>
    Task<MadeInvitation> InviteAsync(
        TimeSpan lifetime, IReadOnlyList<string> addresses, string who, string why, CancellationToken cancellationToken);

    /// <summary>Answers the gateway that has come, after its peer is in force here, or is not.</summary>
    /// <param name="fault">The sentence that refuses it; empty for a peer.</param>
    /// <returns>False if none waits.</returns>
    Task<bool> AnswerAsync(Guid id, string fault, CancellationToken cancellationToken);

    /// <summary>Takes an invitation back, whatever has come of it.</summary>
    void Withdraw(Guid id);
}

/// <summary>An invitation, or the reason for which there is none.</summary>
/// <param name="Fault">A sentence; empty if it was made.</param>
internal sealed record MadeInvitation(Guid Id, PairingCode? Code, string Fault)
{
    /// <summary>What comes of it: one event, after which nothing follows.</summary>
    public ChannelReader<InvitationEvent>? Events { get; init; }
}

/// <summary>A gateway has proved the invitation, or it is over without that.</summary>
/// <param name="Joiner">Null if it is over.</param>
/// <param name="Why">The reason for which it is over.</param>
internal sealed record InvitationEvent(Joiner? Joiner, string Why);
