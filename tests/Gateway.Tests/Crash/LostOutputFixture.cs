using Gateway.Cli.Demo.Processes;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>A gateway that many verbs are pointed at.</summary>
public sealed class LostOutputFixture : ProcessTest, IAsyncLifetime
{
    internal TestGateway Gateway { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var http = LoopbackPort.Free(1)[0];
        Gateway = NewGateways(new Dictionary<string, string> { ["Gateway:Http:Address"] = $"http://127.0.0.1:{http}" }, "near")[0];
        await Gateway.StartReadyAsync(Token);
    }
}
