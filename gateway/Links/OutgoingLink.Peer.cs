using System.Globalization;

namespace Gateway.Links;

/// <summary>
/// What a link knows of the peer beside its answers on the connection: whether it is there, how often, and how its disk is.
/// </summary>
internal sealed partial class OutgoingLink
{
    private readonly PeerRuns _runs = new();
    private DateTimeOffset _welcomedAt;

    /// <summary>A connection that the peer has made to this gateway stands.</summary>
    private bool _isPeerHere;

    /// <summary>For how long the peer's store has not answered, as the peer says on this connection; null if it does not say so.</summary>
    private TimeSpan? _stalledFor;

    /// <summary>Tells a gateway that hangs from what never was one.</summary>
    private string AnsweredBefore => _peer is null
        ? History.LastIncarnation is null ? "no gateway has answered there yet" : "no gateway has answered there since this one was started"
        : $"the peer has answered a hello before, the last time at {Figures.Time(_welcomedAt)}";

    /// <summary>The last connection that the peer had made to this gateway has ended.</summary>
    public void OnPeerGone() => _isPeerHere = false;

    /// <summary>The peer says that its store does not answer; it is no news that what is sent is not acknowledged.</summary>
    private void OnStalled(LinkFrame.Stalled stalled)
    {
        _stalledFor = TimeSpan.FromMilliseconds(stalled.ForMs);
        if (Status.State == LinkState.Up) SetStatus(LinkState.Up, LinkCause.PeerStuck, StallOf(_stalledFor.Value));
    }

    /// <summary>It has answered something, so its store has.</summary>
    private void OnStoreAnswers()
    {
        if (_stalledFor is null) return;
        _stalledFor = null;
        if (Status is { State: LinkState.Up, Cause: LinkCause.PeerStuck })
            SetStatus(LinkState.Up, LinkCause.None, "the peer's store answers again");
    }

    /// <summary>The hello was not answered in time.</summary>
    private void DropUnanswered()
    {
        var limit =
            string.Create(CultureInfo.InvariantCulture, $"no answer to the hello within {_settings.HandshakeTimeout.TotalSeconds:0.#} s");
        if (_stalledFor is { } stalledFor) Drop(LinkCause.PeerStuck, $"{limit}: {StallOf(stalledFor)}");
        else Drop(LinkCause.PeerSilent, $"{limit}, though the connection was taken and greeted; {AnsweredBefore}");
    }

    /// <summary>A healthy connection is not ended for what is no restart.</summary>
    private void OnTwo()
    {
        if (Status is { State: LinkState.Up, Cause: not LinkCause.PeerTwice })
            SetStatus(LinkState.Up, LinkCause.PeerTwice, _runs.Describe(_clock.Uptime));
    }

    private static string StallOf(TimeSpan time) => string.Create(
        CultureInfo.InvariantCulture, $"the peer says that its own store has not answered for {time.TotalSeconds:0.#} s, as when "
            + $"a disk hangs");
}
