using Gateway.Cli.Api;
using Gateway.Cli.Demo.Processes;
using Gateway.Cli.Shell;
using Gateway.Configuration;
using Gateway.Http.Resources;
using Gateway.Links.Causes;
using Gateway.Links.Pairing;
using Gateway.Tests.Cli;
using Gateway.Tests.Transport.Tls;
using Gateway.Transport.Dialing;
using Gateway.Transport.Tls;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>Two real gateways, shop and billing, each set up by 'gateway init' alone, are paired by a code, or are not.</summary>
[Kind(Kind.Process)]
public sealed class PairingTests : ProcessTest
{
    private readonly TestGateway _shop;
    private readonly TestGateway _billing;

    public PairingTests()
    {
        var gateways = NewGateways("shop", "billing");
        (_shop, _billing) = (Alone(gateways[0]), Alone(gateways[1]));
    }

    [Fact]
    public async Task One_code_makes_two_gateways_peers_and_messages_flow_both_ways()
    {
        await StartAsync();

        var (invite, code) = await InviteAsync("--why", "a new site");
        var join = Run("peer", "join", code, "--config", ConfigOf(_billing), "--gateway", _billing.Api);

        (await InTimeAsync("the joining", join.Ended)).ShouldBe(0, join.Errors);
        (await InTimeAsync("the inviting", invite.Ended)).ShouldBe(0, invite.Errors);
        invite.Output.ShouldContain("The link to billing is up.");
        join.Output.ShouldContain("The link to shop is up.");
        var (atShop, atBilling) = (NewClient(_shop), NewClient(_billing));
        await atShop.SendAsync("orders@billing", "one");
        await atBilling.SendAsync("invoices@shop", "two");
        (await InTimeAsync("the order", atBilling.TakeAsync("orders", 1))).ShouldBe(["one"]);
        (await InTimeAsync("the invoice", atShop.TakeAsync("invoices", 1))).ShouldBe(["two"]);
        var audit = (await VerbAsync(_shop, "audit")).Output;
        foreach (var said in new[] { "a new site", "proved the invitation, at 127.0.0.1:", "peer invite: billing" })
            audit.ShouldContain(said);
        foreach (var file in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".log" or ".json"))
            (await FileDoor.ReadTextAsync(file, Token)).ShouldNotContain(code[..8], customMessage: file);

        var again = await VerbAsync(_billing, "peer", "join", code);
        again.Code.ShouldBe(ExitCode.Failed);
        again.Output.ShouldContain("shop refused: the code is worthless: it was used by billing at");
    }

    [Fact]
    public async Task A_code_ends_with_its_command_and_with_its_gateway()
    {
        await StartAsync();
        var (invite, killed) = await InviteAsync();
        await invite.KillAsync();
        var (other, stopped) = await InviteAsync();
        await _shop.KillAsync();
        await _shop.StartReadyAsync(Token);

        (await InTimeAsync("the inviting", other.Ended)).ShouldBe((int)ExitCode.Unreachable);
        other.Errors.ShouldContain("Its code is worthless");
        foreach (var code in new[] { killed, stopped })
        {
            var (exit, output) = await VerbAsync(_billing, "peer", "join", code);
            exit.ShouldBe(ExitCode.Failed);
            output.ShouldContain("for no invitation is open there");
            output.ShouldEndWith("Nothing was changed here.\n");
        }

        OperatorFiles().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_joiner_that_is_killed_with_the_answer_in_its_hand_is_paired_by_a_new_invitation()
    {
        await StartAsync();
        var (invite, text) = await InviteAsync();
        // As the verb does it, until the moment of the kill.
        (await CallAsync(text)).IsJoined.ShouldBeTrue();
        (await InTimeAsync("the inviting", invite.Ended)).ShouldBe(0, invite.Errors);
        invite.Output.ShouldContain("The link to billing is not up yet");
        OperatorFiles().ShouldBe([_shop.Name]);

        await PairAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_inviter_that_is_killed_after_the_proof_leaves_nothing_that_a_new_invitation_does_not_mend(bool hasWritten)
    {
        await StartAsync();
        using var http = ApiClient.HttpTo(new Uri(_shop.Api));
        var join = new TaskCompletionSource<TestProcess>();
        // As the verb does it, until the moment of the kill.
        await foreach (var item in new ApiClient(http, TimeSpan.FromMinutes(1), TimeProvider.System).InviteAsync(
            new InvitationRequest { Seconds = 60, Addresses = [_shop.Settings.LinksAddress[6..]] }, Token))
        {
            if (item.EventType == "open") join.SetResult(Run("peer", "join", item.Data.Code!, "--config", ConfigOf(_billing), "--gateway",
                _billing.Api));
            if (item.EventType != "joining") continue;
            if (hasWritten) (await VerbAsync(_shop, "peer", "add", "billing", "--address", item.Data.Address!, "--fingerprint",
                item.Data.Fingerprint!)).Code.ShouldBe(ExitCode.Ok);
            break;
        }

        var joined = await join.Task;
        (await InTimeAsync("the joining", joined.Ended)).ShouldBe((int)ExitCode.Failed);
        joined.Errors.ShouldContain("shop may have this gateway as a peer or not");
        OperatorFiles().ShouldBe(hasWritten ? [_shop.Name] : []);

        await PairAsync();
    }

    [Fact]
    public async Task A_peer_of_that_name_with_another_certificate_is_told_to_both()
    {
        await StartAsync();
        (await VerbAsync(_shop, "peer", "add", "billing", "--address", "other-host:7421", "--fingerprint", new string('a', 64)))
            .Code.ShouldBe(ExitCode.Ok);

        var (invite, code) = await InviteAsync();
        var (exit, output) = await VerbAsync(_billing, "peer", "join", code);

        exit.ShouldBe(ExitCode.Failed);
        output.ShouldContain("shop refused: billing is a peer of shop already, and with another certificate.");
        (await InTimeAsync("the inviting", invite.Ended)).ShouldBe((int)ExitCode.Usage);
        invite.Errors.ShouldContain("billing is a peer of shop already, and with another certificate.");
        OperatorFiles().ShouldBe([_shop.Name], "billing has none");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Gateways_without_certificates_get_them_and_one_that_does_not_run_joins_too(bool runs)
    {
        await InitAsync("no", _shop, _billing);
        await _shop.StartReadyAsync(Token);
        if (runs) await _billing.StartReadyAsync(Token);
        var first = await VerbAsync(_shop, "peer", "invite");
        first.Output.ShouldContain($"Made {Path.Combine(Path.GetDirectoryName(ConfigOf(_shop))!, "pairing", "shop.crt")}");
        first.Output.ShouldContain("shop had no certificate, and has one now");
        await _shop.KillAsync();
        await _shop.StartReadyAsync(Token);

        var (invite, code) = await InviteAsync();
        var (exit, output) = await PipedVerbAsync(_billing, code, "peer", "join");

        exit.ShouldBe(ExitCode.Ok, output);
        output.Split('\n').ShouldContain(line => line.StartsWith("Added the peer shop to ", StringComparison.Ordinal));
        output.ShouldContain(runs ? "Restart billing: its links speak TLS after that" : "it takes effect at the next start");
        (await InTimeAsync("the inviting", invite.Ended)).ShouldBe(0, invite.Errors);
        if (runs) await _billing.KillAsync();
        await _billing.StartReadyAsync(Token);
        await NewClient(_billing).SendAsync("invoices@shop", "one");
        (await InTimeAsync("the invoice", NewClient(_shop).TakeAsync("invoices", 1))).ShouldBe(["one"]);
    }

    private async Task StartAsync()
    {
        await InitAsync("yes", _shop, _billing);
        await Task.WhenAll(_shop.StartReadyAsync(Token), _billing.StartReadyAsync(Token));
    }

    private async Task PairAsync()
    {
        var (invite, code) = await InviteAsync();
        var (exit, output) = await VerbAsync(_billing, "peer", "join", code);
        exit.ShouldBe(ExitCode.Ok, output);
        (await InTimeAsync("the inviting", invite.Ended)).ShouldBe(0, invite.Errors);
        await OperatorView.UntilAsync(NewClient(_shop), "billing", LinkState.Up, default);
        await OperatorView.UntilAsync(NewClient(_billing), "shop", LinkState.Up, default);
    }

    private async Task<(TestProcess Invite, string Code)> InviteAsync(params string[] more)
    {
        var invite = Run(["peer", "invite", "--config", ConfigOf(_shop), "--gateway", _shop.Api, .. more]);
        await UntilAsync("the code is printed", () => invite.Output.Contains("peer join ") || invite.Ended.IsCompleted);
        invite.Output.ShouldContain("peer join ", customMessage: invite.Errors);
        return (invite, invite.Output.Split("peer join ")[1].Split('\n')[0]);
    }

    /// <summary>The call of the verb, without what it does then.</summary>
    private async Task<JoinOutcome> CallAsync(string text)
    {
        var code = PairingCode.Parse(text, out var fault).ShouldNotBeNull(fault);
        var certificates = new CertificateFolder(Path.Combine(Path.GetDirectoryName(ConfigOf(_billing))!, "certs"));
        var files = new TlsFiles(certificates.CertificatePath("billing"), certificates.KeyPath("billing"), "", "");
        using var pki = new TestPki();
        var patience = TimeSpan.FromMinutes(1);
        return await new JoinCall(code, pki.Tls(files, (code.Name, code.Fingerprint)), new DialSettings(patience, patience),
            TimeProvider.System).RunAsync("127.0.0.1", _shop.Settings.LinksPort,
                _ => new Joiner("billing", _billing.Settings.LinksAddress[6..], TestPki.FingerprintOf(files)), Token);
    }

    private async Task InitAsync(string tls, params TestGateway[] gateways)
    {
        foreach (var gateway in gateways)
        {
            var terminal = new TestTerminal(redirectedInput: "");
            (await terminal.RunAsync(Token, "init", "--name", gateway.Name, "--listen", gateway.Settings.LinksAddress, "--no-peers",
                "--tls", tls, "--service", "no", "--folder", Path.GetDirectoryName(ConfigOf(gateway))!))
                .ShouldBe(ExitCode.Ok, terminal.Error);
        }
    }

    private TestProcess Run(params string[] verb)
    {
        var start = Executable.Start(verb);
        start.WorkingDirectory = Folder;
        return Track(TestProcess.Start(start, Path.Combine(Folder, "verbs.out")));
    }

    private static Task<(ExitCode Code, string Output)> VerbAsync(TestGateway gateway, params string[] verb) =>
        PipedVerbAsync(gateway, input: "", verb);

    private static async Task<(ExitCode Code, string Output)> PipedVerbAsync(TestGateway gateway, string input, params string[] verb)
    {
        var terminal = new TestTerminal(input);
        var code = await terminal.RunAsync(Token, [.. verb, "--config", ConfigOf(gateway), "--gateway", gateway.Api, "--timeout", "1m"]);
        return (code, terminal.Output + terminal.Error);
    }

    /// <summary>The gateways whose configuration a verb has changed.</summary>
    private string[] OperatorFiles() => [.. new[] { _billing, _shop }.Where(gateway => File.Exists(Path.Combine(
        Path.GetDirectoryName(ConfigOf(gateway))!, ConfigurationFolder.Name, OperatorSettings.FileName))).Select(gateway => gateway.Name)];

    private static string ConfigOf(TestGateway gateway) =>
        Path.Combine(gateway.Settings.Folder, $"{gateway.Name}-config", $"{gateway.Name}.json");

    private TestGateway Alone(TestGateway gateway) => Track(new TestGateway(gateway.Settings with
    {
        Peers = new Dictionary<string, string>(),
        More = new Dictionary<string, string>(gateway.Settings.More) { ["config"] = ConfigOf(gateway) },
    }));
}
