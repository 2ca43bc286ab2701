using System.Text.Json;
using Gateway.Cli.Shell;
using Gateway.Tests.Http;
using Gateway.Tests.Management;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli.Api;

[Kind(Kind.Http)]
public sealed class InterruptTests
{
    [Fact]
    public async Task Ctrl_C_cancels_the_operation_at_the_gateway_and_says_what_was_done()
    {
        var gateway = new FakeManagement
        {
            Hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously),
            OnStart = status => status with { Changed = 5 },
        };
        await using var api = await TestApi.StartAsync(gateway: gateway);
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var terminal = new TestTerminal();

        var running = terminal.RunAsync(interrupt.Token, "queue", "purge", "orders@billing", "--all", "--yes", "--output",
            "json", "--gateway", api.Service.Address);
        await gateway.Asked.Task.WaitAsync(TestContext.Current.CancellationToken);
        await interrupt.CancelAsync();

        (await running).ShouldBe(ExitCode.Interrupted);
        gateway.Acts.ShouldBe(["cancel local (127.0.0.1)"]);
        JsonDocument.Parse(terminal.Output).RootElement.GetProperty("changed").GetInt64().ShouldBe(5);
    }
}
