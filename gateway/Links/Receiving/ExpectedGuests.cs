namespace Gateway.Links.Receiving;

/// <summary>
/// Whether gateways with unknown certificates may connect: only while one is invited. They may speak for no name. Set by the loop, read by
/// any thread.
/// </summary>
internal sealed class ExpectedGuests
{
    private volatile bool _areExpected;

    public bool AreExpected
    {
        get => _areExpected;
        set => _areExpected = value;
    }
}
