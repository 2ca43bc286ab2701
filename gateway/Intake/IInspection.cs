using Gateway.Client.Wire;

namespace Gateway.Intake;

/// <summary>How the link to a peer is, in the words that applications are told it in.</summary>
internal sealed record PeerState(string Name, string State, string Cause, string Text);

/// <summary>What becomes of the wish for a drill.</summary>
internal enum DrillAnswer
{
    /// <summary>The fault is in the connection.</summary>
    Begun,

    /// <summary>The configuration does not allow it.</summary>
    NotEnabled,

    NoPeer,

    /// <summary>There is no connection that it could be put into.</summary>
    NotUp,
}

/// <summary>What applications may ask about the gateway as a whole. Called and answering on the loop.</summary>
internal interface IInspection
{
    /// <summary>A JSON object; null if there is nothing of that name.</summary>
    /// <param name="about">Empty for the whole gateway, or <c>link/</c> and a peer's name.</param>
    void Describe(string about, Action<byte[]?> answer);

    /// <summary>How the link to a peer is; null if there is no such peer.</summary>
    PeerState? StateOf(string peer);

    /// <summary>Tries the link to a peer at once; false if there is no such peer.</summary>
    bool Retry(string peer);

    /// <summary>Puts a fault into the connection to a peer.</summary>
    /// <param name="duration">Of a stall.</param>
    DrillAnswer Drill(string peer, DrillKind kind, TimeSpan duration);
}
