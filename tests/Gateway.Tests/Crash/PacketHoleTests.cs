using System.Diagnostics;
using Gateway.Cli.Check;
using Gateway.Cli.Demo.Processes;
using Gateway.Links.Causes;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// The report to monitoring about a link on which small packets pass, so that it comes up again and again, and large ones never do.
/// </summary>
[Kind(Kind.Process)]
[Needs("ip", "iptables", "root")]
public sealed class PacketHoleTests : LinkTest
{
    private const int Looks = 10;

    [Fact]
    public async Task Health_and_check_never_call_it_well_and_name_what_is_likely()
    {
        await using var network = await NetworkNamespace.CreateAsync();
        var (near, far) = NewPair(Quick);
        var http = LoopbackPort.Free(1)[0];
        var api = $"http://127.0.0.1:{http}";
        near = Track(new TestGateway(near.Settings with
        { More = new Dictionary<string, string>(near.Settings.More) { ["Gateway:Http:Address"] = api } }));
        near.Start(network.Enter);
        far.Start(network.Enter);
        await using var intake = TcpProxy.On(near.Settings.IntakePort, () => network.Connect(near.Settings.IntakePort));
        await using var toHttp = TcpProxy.On(http, () => network.Connect(http));
        var client = NewClient(near);
        await OperatorView.UntilUpAsync(client, Far);
        await network.RefuseAsync($"--dport {far.Settings.LinksPort} -m length --length 1400:65535", "DROP");
        await client.EnqueueAsync("jobs@far", new byte[20_000], null, Token);
        using var caller = new HttpClient { BaseAddress = new Uri(api) };
        await UntilAsync("large packets are suspected", async () =>
            (await caller.GetStringAsync("healthz", Token)).Contains("most likely LargePacketsLost", StringComparison.Ordinal));

        var states = new HashSet<LinkState>();
        for (var look = 0; look < Looks; look++)
        {
            states.Add((await OperatorView.LinkAsync(client, Far)).Link.State);
            var health = await caller.GetStringAsync("healthz", Token);
            var (exitCode, line) = await CheckAsync(api);

            health.ShouldContain("\"degraded\"");
            health.ShouldContain("most likely LargePacketsLost");
            exitCode.ShouldBe((int)CheckState.Warning, line);
            line.ShouldStartWith("GATEWAY WARNING - ");
            line.ShouldContain("most likely LargePacketsLost");
        }

        states.ShouldContain(LinkState.Up, "a look while it is up is one of them");
    }

    private static async Task<(int ExitCode, string Line)> CheckAsync(string api)
    {
        var start = Executable.Start("check", "--gateway", api);
        start.RedirectStandardOutput = true;
        using var verb = Process.Start(start)!;
        var line = await verb.StandardOutput.ReadToEndAsync(Token);
        await InTimeAsync("the verb ends", verb.WaitForExitAsync(Token));
        return (verb.ExitCode, line);
    }
}
