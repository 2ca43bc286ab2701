using Gateway.Management;

namespace Gateway.Http.Views;

/// <summary>The inlets and outlets, by name.</summary>
internal sealed record TcpView(IReadOnlyList<InletView> Inlets, IReadOnlyList<OutletView> Outlets)
{
    public static TcpView Of(GatewayState state) => new(
        [.. state.Inlets.Select(InletView.Of)], [.. state.Outlets.Select(outlet => OutletView.Of(outlet, state.Now))]);
}
