namespace Gateway.Tcp.Inlets;

/// <summary>The inlets of a gateway, by name. Owned by the loop.</summary>
internal sealed class InletBook
{
    public TimeSpan NextTick => TimeSpan.MaxValue;

    public IReadOnlyList<InletStatus> Statuses => [];

    public void Use(IReadOnlyList<InletSettings> settings) => Invariant.Require(settings.Count == 0, "inlets are not built yet");

    public void Tick()
    {
    }

    public void Close()
    {
    }

    public void SayGoodbye()
    {
    }
}
