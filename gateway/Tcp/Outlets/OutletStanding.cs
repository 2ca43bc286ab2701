using Gateway.Client.Wire;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;

namespace Gateway.Tcp.Outlets;

/// <summary>The state of an outlet and its cause, and the recording of each change in its history and in the log. Pure.</summary>
internal sealed class OutletStanding(OutletSettings settings, LoopClock clock, LinkHistory history, OutletLog log)
{
    private const int EvidenceBytesMax = LinkStanding.EvidenceBytesMax;

    public LinkState State { get; private set; } = LinkState.Connecting;

    public LinkCause Cause { get; private set; }

    public DateTimeOffset Since { get; private set; } = clock.Now;

    public string Evidence { get; private set; } = "";

    public string Advice => Cause == LinkCause.None ? "" : OutletAdvice.For(Cause, settings);

    public LinkHistory History => history;

    /// <summary>The cause of the last end stays visible until the outlet is up again.</summary>
    public void BeConnecting() => State = LinkState.Connecting;

    /// <param name="describe">Adds to the change, if it is one.</param>
    public void Set(LinkState state, LinkCause cause, string evidence, Func<LinkChange, LinkChange>? describe = null)
    {
        evidence = WireText.Cut(evidence, EvidenceBytesMax);
        var isUpOrDown = State != state && (State == LinkState.Up || state == LinkState.Up);
        var isNews = isUpOrDown || Cause != cause;
        // While it is down, the time is that of the end of its connection, however often attempts have failed since.
        if (isUpOrDown || (isNews && state == LinkState.Up) || (state != LinkState.Up && Cause == LinkCause.None)) Since = clock.Now;
        (State, Cause, Evidence) = (state, cause, evidence);
        if (!isNews) return;
        var change = new LinkChange(clock.Now, state, cause, evidence);
        foreach (var kept in history.AddRepeatable(describe is null ? change : describe(change))) Log(kept, evidence);
    }

    /// <summary>Something has happened to one of many connections, and the outlet itself stays as it is.</summary>
    public void OnConversationEnded(LinkCause cause, string evidence, TargetLine line)
    {
        evidence = WireText.Cut(evidence, EvidenceBytesMax);
        log.ConversationEnded(settings.Name, evidence);
        history.AddRepeatable(new LinkChange(clock.Now, LinkState.Up, cause, evidence)
        {
            UpSeconds = (clock.Uptime - line.UpSince).TotalSeconds,
            QuietSeconds = (clock.Uptime - line.LastMove).TotalSeconds,
        });
    }

    /// <summary>A stream came to an outlet that takes none.</summary>
    public void OnStreamRefused(string evidence)
    {
        evidence = WireText.Cut(evidence, EvidenceBytesMax);
        log.ConversationEnded(settings.Name, evidence);
        history.AddRepeatable(new LinkChange(clock.Now, LinkState.Up, LinkCause.WrongService, evidence));
    }

    private void Log(LinkChange change, string evidence)
    {
        var why = string.Concat(new[] { Figures.Sentence(change.Again is null ? evidence : change.Evidence), Advice }
            .Where(text => text.Length > 0).Select(text => $" {text}"));
        if (change.State == LinkState.Down) log.Down(settings.Name, change.Standing, why);
        else log.Up(settings.Name, change.Standing, why);
    }
}
