namespace Gateway.Tcp.Outlets;

/// <summary>The outlets of a gateway, by name. Owned by the loop.</summary>
internal sealed class OutletBook
{
    public TimeSpan NextTick => TimeSpan.MaxValue;

    public IReadOnlyList<OutletStatus> Statuses => [];

    public void Use(IReadOnlyList<OutletSettings> settings) => Invariant.Require(settings.Count == 0, "outlets are not built yet");

    public void Tick()
    {
    }

    public void SayGoodbye()
    {
    }
}
