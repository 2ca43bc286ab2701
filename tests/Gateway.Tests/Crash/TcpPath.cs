namespace Gateway.Tests.Crash;

/// <summary>The way of a program's frames: an inlet of one gateway, and an outlet of the other, both called <c>orders</c>.</summary>
/// <param name="Shop">The gateway with the inlet.</param>
/// <param name="Billing">The gateway with the outlet.</param>
/// <param name="InletPort">Where the sending program connects.</param>
internal sealed record TcpPath(TestGateway Shop, TestGateway Billing, int InletPort)
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await Billing.StartReadyAsync(cancellationToken);
        await Shop.StartReadyAsync(cancellationToken);
    }
}
