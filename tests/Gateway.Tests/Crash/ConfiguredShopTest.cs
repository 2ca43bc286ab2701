using Gateway.Cli.Shell;
using Gateway.Tests.Cli;
using Shouldly;

namespace Gateway.Tests.Crash;

/// <summary>The base of tests that change the configuration of a running gateway: shop, with a file of its own, and its peers.</summary>
public abstract class ConfiguredShopTest : ProcessTest
{
    protected ConfiguredShopTest()
    {
        var gateways = NewGateways("shop", "billing", "audit");
        (Billing, Audit) = (gateways[1], gateways[2]);
        Shop = Track(new TestGateway(gateways[0].Settings with
        {
            Peers = new Dictionary<string, string>(),
            More = new Dictionary<string, string>(gateways[0].Settings.More) { ["config"] = ConfigPath },
        }));
    }

    protected string ConfigPath => Path.Combine(Folder, "shop.json");

    /// <summary>It knows no peer but those of its file.</summary>
    internal TestGateway Shop { get; }

    internal TestGateway Billing { get; }

    internal TestGateway Audit { get; }

    /// <summary>A verb beside shop, with its file.</summary>
    internal Task<(ExitCode Code, string Output)> RunAsync(params string[] verb) => RunAsync(Shop, verb);

    /// <summary>A verb towards a gateway, with shop's file.</summary>
    internal async Task<(ExitCode Code, string Output)> RunAsync(TestGateway gateway, params string[] verb)
    {
        var terminal = new TestTerminal();
        var code = await terminal.RunAsync(Token, [.. verb, "--config", ConfigPath, "--gateway", gateway.Api, "--timeout", "1m"]);
        return (code, terminal.Output + terminal.Error);
    }

    internal async Task ShouldBeOkAsync(params string[] verb)
    {
        var (code, output) = await RunAsync(verb);
        code.ShouldBe(ExitCode.Ok, output);
    }
}
