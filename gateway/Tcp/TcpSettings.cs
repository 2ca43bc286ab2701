namespace Gateway.Tcp;

/// <summary>All inlets and outlets of a gateway. Immutable.</summary>
internal sealed record TcpSettings(IReadOnlyList<InletSettings> Inlets, IReadOnlyList<OutletSettings> Outlets)
{
    public static TcpSettings None { get; } = new([], []);
}
