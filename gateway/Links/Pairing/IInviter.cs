namespace Gateway.Links.Pairing;

/// <summary>Whoever has made an invitation, and waits for what comes of it. Called on the loop; must not block.</summary>
internal interface IInviter
{
    /// <summary>
    /// A gateway has proved the code, which is used up; it waits for <see cref="Invitations.Answer"/>. Called at most once.
    /// </summary>
    void OnJoining(Joiner joiner);

    /// <summary>The invitation is over without that, for this reason. Called at most once, and not after the other.</summary>
    void OnOver(string why);
}
