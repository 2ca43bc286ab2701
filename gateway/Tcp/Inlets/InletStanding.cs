using Gateway.Client.Wire;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;

namespace Gateway.Tcp.Inlets;

/// <summary>
/// Records the changes of one inlet, and the ends of its conversations that nobody intended, in its history. Pure; owned by its inlet.
/// </summary>
internal sealed class InletStanding(LoopClock clock, LinkHistory history)
{
    private LinkState _state = LinkState.Connecting;
    private LinkCause _cause;

    public IReadOnlyCollection<LinkChange> History => history.Changes;

    /// <summary>The inlet has this state for this cause; a change is recorded.</summary>
    public void Set(LinkState state, LinkCause cause, string evidence)
    {
        if (state == _state && cause == _cause) return;
        (_state, _cause) = (state, cause);
        history.AddRepeatable(new LinkChange(clock.Now, state, cause, Cut(evidence)));
    }

    /// <summary>A conversation has ended, and neither its program nor the inlet has meant it to.</summary>
    /// <param name="lasted">How long it lasted.</param>
    /// <param name="quiet">How long nothing had moved in it; null if that is not known.</param>
    public void OnEnded(LinkCause cause, string evidence, TimeSpan lasted, TimeSpan? quiet) =>
        history.AddRepeatable(new LinkChange(clock.Now, LinkState.Up, cause, Cut(evidence))
        { UpSeconds = lasted.TotalSeconds, QuietSeconds = quiet?.TotalSeconds });

    /// <summary>The run of the gateway ends, or the inlet.</summary>
    public void End() => history.KeepCounted();

    /// <summary>Part of it is the program's text.</summary>
    private static string Cut(string evidence) => WireText.Cut(evidence, LinkStanding.EvidenceBytesMax);
}
