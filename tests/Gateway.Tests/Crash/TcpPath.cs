namespace Gateway.Tests.Crash;

/// <summary>The way of a program's frames: an inlet of one gateway, and an outlet of the other, both called <c>orders</c>.</summary>
/// <param name="Shop">The gateway with the inlet.</param>
/// <param name="Billing">The gateway with the outlet.</param>
/// <param name="InletPort">Where the sending program connects.</param>
internal sealed record TcpPath(TestGateway Shop, TestGateway Billing, int InletPort)
{
    /// <summary>Returns when both are ready: the inlet listens too.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        foreach (var gateway in new[] { Billing, Shop })
        {
            await gateway.StartReadyAsync(cancellationToken);
            await ProcessTest.UntilAsync($"{gateway.Name} is ready", async () =>
            {
                using var answer = await http.GetAsync(new Uri($"{gateway.Api}/readyz"), cancellationToken);
                return answer.IsSuccessStatusCode;
            });
        }
    }
}
