using Gateway.Client.Hosting;
using Gateway.Client.Wire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using NetMQ.Sockets;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Client.Hosting;

public sealed class GatewayHealthCheckTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Check_GatewayAccepts_IsHealthyWithTheFigures()
    {
        var entry = await CheckAsync(Answer, options =>
        {
            options.Queues.Add("orders");
            options.Queues.Add("orders@billing");
            options.OldestAgeMax = TimeSpan.MaxValue;
        });

        entry.Status.ShouldBe(HealthStatus.Healthy);
        entry.Data["gateway"].ShouldBe("fake");
        entry.Data["orders messages"].ShouldBe(3L);
        entry.Data["orders bytes"].ShouldBe(300L);
        entry.Data["orders@billing link"].ShouldBe("Refused");
        ((double)entry.Data["orders oldest seconds"]).ShouldBeGreaterThan(0);
        ((double)entry.Data["orders@billing oldest seconds"]).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Check_BeyondLimits_IsDegradedAndNamesEach()
    {
        var entry = await CheckAsync(Answer, options =>
        {
            options.Queues.Add("orders");
            options.Queues.Add("orders@billing");
            options.MessagesMax = 2;
            options.BytesMax = 299;
            options.OldestAgeMax = TimeSpan.FromSeconds(1);
            options.DegradedWhenLinkIsDown = true;
        });

        entry.Status.ShouldBe(HealthStatus.Degraded);
        entry.Description!.ShouldContain("orders has 3 messages, more than 2.");
        entry.Description!.ShouldContain("orders@billing has 300 bytes, more than 299.");
        entry.Description!.ShouldContain("The oldest message of orders is ");
        entry.Description!.ShouldContain("The oldest message of orders@billing is ");
        entry.Description!.ShouldContain("The link to billing is down: Refused, nobody listens.");
    }

    [Fact]
    public async Task Check_GatewayAcceptsNothing_IsUnhealthyWithTheObstacle()
    {
        var entry = await CheckAsync(request => request is Request.Ready ready
            ? [new Reply.Ready(ready.Id, "fake", "its store is full")]
            : FakeGateway.Obliging(request));

        entry.Status.ShouldBe(HealthStatus.Unhealthy);
        entry.Description.ShouldBe("The gateway fake accepts no messages: its store is full");
    }

    [Fact]
    public async Task Check_NoRight_IsUnhealthyAndSaysWhich()
    {
        var entry = await CheckAsync(
            request => request is Request.Depth depth
                ? [new Reply.Rejected(depth.Id, WireCode.NotAuthorised, "Receive orders")]
                : FakeGateway.Obliging(request),
            options => options.Queues.Add("orders"));

        entry.Status.ShouldBe(HealthStatus.Unhealthy);
        entry.Description!.ShouldContain("Receive orders");
    }

    [Fact]
    public async Task Check_NoGateway_IsAsRegisteredAfterTheTimeout()
    {
        using var socket = new RouterSocket();
        var address = $"tcp://127.0.0.1:{socket.BindRandomPort("tcp://127.0.0.1")}";

        var entry = await CheckAsync(
            address, options => options.Timeout = TimeSpan.FromMilliseconds(50), HealthStatus.Degraded);

        entry.Status.ShouldBe(HealthStatus.Degraded);
        entry.Description.ShouldBe("The gateway did not answer within 0.05 s.");
    }

    private static IEnumerable<Reply> Answer(Request request) => request switch
    {
        Request.Depth { Name: "orders" } depth => [new Reply.Depth(depth.Id, 3, 300, 1, "", "", "")],
        Request.Depth depth => [new Reply.Depth(depth.Id, 3, 300, 1, "down", "Refused", "nobody listens")],
        _ => FakeGateway.Obliging(request),
    };

    private static async Task<HealthReportEntry> CheckAsync(
        Func<Request, IEnumerable<Reply>> answer, Action<GatewayHealthOptions>? configure = null)
    {
        using var gateway = new FakeGateway(answer);
        return await CheckAsync(gateway.Address, configure);
    }

    private static async Task<HealthReportEntry> CheckAsync(
        string address, Action<GatewayHealthOptions>? configure, HealthStatus? failureStatus = null)
    {
        var services = new ServiceCollection().AddLogging().AddGatewayClient("near", options => options.Address = address);
        services.AddHealthChecks().AddGatewayClient(configure, client: "near", failureStatus: failureStatus);
        await using var provider = services.BuildServiceProvider();
        var report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(Token);
        return report.Entries["gateway-near"];
    }
}
