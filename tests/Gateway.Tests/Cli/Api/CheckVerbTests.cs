using System.Security.Cryptography;
using System.Text;
using Gateway.Cli.Check;
using Gateway.Configuration;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Tests.Management;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli.Api;

public sealed class CheckVerbTests : ApiVerbTest
{
    private bool _hasTokens;

    [Theory]
    [InlineData(0)]
    [InlineData(0, "--messages-warning", "4", "--age-critical", "91s")]
    [InlineData(1, "--messages-warning", "3", "--messages-critical", "4")]
    [InlineData(2, "--messages-warning", "1", "--messages-critical", "3")]
    [InlineData(2, "--age-critical", "90s")]
    [InlineData(1, "--dead-letters-warning", "0")]
    [InlineData(3, "--age-critical", "90")]
    public async Task Limits_decide(int state, params string[] limits) => (await CheckAsync(limits)).ShouldBe((CheckState)state);

    [Fact]
    public async Task A_gateway_that_is_well_is_told_in_one_line_with_figures()
    {
        (await CheckAsync("--messages-warning", "10", "--messages-critical", "20")).ShouldBe(CheckState.Ok);

        Terminal.Output.ShouldBe("GATEWAY OK - shop is well, 3 messages wait for peers | messages=3;10;20;0; oldest_age=90s;;;0; "
            + "inbound=0;;;0; dead_letters=0;;;0; peers_not_up=0;;;0; stored=300B;;;0; disk_free=1099511627776B;;;0;\n");
    }

    [Fact]
    public async Task A_peer_that_is_down_is_a_warning_with_its_cause()
    {
        Gateway.State = Gateway.State with { Links = [FakeManagement.NewLink("billing", LinkState.Down, LinkCause.Refused)] };

        (await CheckAsync()).ShouldBe(CheckState.Warning);

        Terminal.Output.ShouldStartWith(
            "GATEWAY WARNING - peer billing: down (Refused) since 2026-11-22 11:55:00Z; 3 messages wait | messages=3;");
    }

    [Fact]
    public async Task A_full_store_is_critical_and_its_figures_are_told()
    {
        Gateway.State = Gateway.State with { FreeBytes = 0 };

        (await CheckAsync()).ShouldBe(CheckState.Critical);

        Terminal.Output.ShouldStartWith("GATEWAY CRITICAL - disk-full: ");
        Terminal.Output.ShouldContain(" | messages=3;");
    }

    [Fact]
    public async Task A_gateway_that_does_not_answer_is_critical()
    {
        var terminal = new TestTerminal();

        ((CheckState)(int)await terminal.RunAsync("check", "--gateway", "http://127.0.0.1:9")).ShouldBe(CheckState.Critical);

        terminal.Output.ShouldStartWith("GATEWAY CRITICAL - No gateway answers at http://127.0.0.1:9");
        terminal.Output.TrimEnd().ShouldNotContain('\n');
    }

    [Fact]
    public async Task Without_a_token_health_is_told_and_figures_cannot_be_judged()
    {
        _hasTokens = true;
        await DisposeAsync();
        await InitializeAsync();

        (await CheckAsync()).ShouldBe(CheckState.Ok);
        Terminal.Output.ShouldBe("GATEWAY OK - all is well\n");
        (await CheckAsync("--messages-warning", "4")).ShouldBe(CheckState.Unknown);
        Terminal.Output.ShouldStartWith("GATEWAY UNKNOWN - This needs a token");
    }

    [Fact]
    public async Task The_help_has_the_exit_codes_of_monitoring()
    {
        await Terminal.RunAsync("check", "--help");

        Terminal.Help.ShouldContain("2    critical");
        Terminal.Help.ShouldNotContain("130");
    }

    private protected override void Configure(GatewayOptions options)
    {
        if (_hasTokens) options.Http.Tokens["anna"] = new HttpTokenOptions
        { TokenSha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("secret"))), Roles = ["read"] };
    }

    private async Task<CheckState> CheckAsync(params string[] args) => (CheckState)(int)await RunAsync(["check", .. args]);
}
