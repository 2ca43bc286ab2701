using Gateway.Cli.Demo.Processes;
using Gateway.Client;
using Gateway.Http.Views;
using Gateway.Links.Causes;
using Gateway.Tests.Transport.Tls;
using Gateway.Transport;
using Gateway.Transport.Tls;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>Links with TLS between real gateways, shop and billing: who gets through, and what the status says of who does not.</summary>
[Kind(Kind.Process)]
public sealed class TlsTests : ProcessTest
{
    private readonly TestPki _pki = new();
    private readonly TestGateway[] _plain;

    public TlsTests()
    {
        Track(new Ended(_pki));
        _plain = NewGateways("shop", "billing", "sales");
    }

    [Fact]
    public async Task Two_gateways_deliver_both_ways_and_go_on_after_one_was_killed()
    {
        var (shop, billing) = (With("shop", _pki.Make("shop")), With("billing", _pki.Make("billing")));
        await Task.WhenAll(shop.StartReadyAsync(Token), billing.StartReadyAsync(Token));
        var (atShop, atBilling) = (NewClient(shop), NewClient(billing));

        await BothWaysAsync();
        await billing.KillAsync();
        await atShop.SendAsync("orders@billing", "while it is down");
        await billing.StartReadyAsync(Token);
        (await InTimeAsync("the message", atBilling.TakeAsync("orders", 1))).ShouldBe(["while it is down"]);
        await BothWaysAsync();

        (await OperatorView.StateAsync(atShop, Token)).Certificate!.Certificate.ShouldBe("CN=shop");

        async Task BothWaysAsync()
        {
            var texts = ProcessMessages.Numbered(500).ToArray();
            await Task.WhenAll(atShop.SendAllAsync("orders@billing", texts), atBilling.SendAllAsync("invoices@shop", texts));
            (await InTimeAsync("orders", atBilling.TakeAsync("orders", texts.Length))).ShouldBe(texts);
            (await InTimeAsync("invoices", atShop.TakeAsync("invoices", texts.Length))).ShouldBe(texts);
        }
    }

    [Fact]
    public async Task A_certificate_of_another_CA_is_TlsFailed_at_both_and_nothing_is_delivered()
    {
        var billing = With("billing", _pki.Make("billing", TestPki.Theirs));
        var shop = With("shop", _pki.Make("shop"));
        await Task.WhenAll(shop.StartReadyAsync(Token), billing.StartReadyAsync(Token));
        var (atShop, atBilling) = (NewClient(shop), NewClient(billing));
        await atShop.SendAsync("orders@billing", "secret");

        (await EvidenceAsync(atShop, "billing", "TlsFailed")).ShouldContain("is not a CA of Links:Tls:CaPath");
        (await EvidenceAsync(atBilling, "shop", "TlsFailed")).ShouldContain("is not a CA of Links:Tls:CaPath");
        (await OperatorView.StateAsync(atShop, Token)).MessagesOf("orders@billing").ShouldBe(1);
    }

    [Fact]
    public async Task An_expired_certificate_is_TlsFailed_until_a_new_one_is_in_its_place_without_a_restart()
    {
        var files = _pki.Make("billing", age: TimeSpan.FromDays(100));
        var (shop, billing) = (With("shop", _pki.Make("shop")), With("billing", files));
        await Task.WhenAll(shop.StartReadyAsync(Token), billing.StartReadyAsync(Token));
        var (atShop, atBilling) = (NewClient(shop), NewClient(billing));
        await atShop.SendAsync("orders@billing", "later");

        (await EvidenceAsync(atShop, "billing", "TlsFailed")).ShouldContain("'CN=billing'");
        (await EvidenceAsync(atShop, "billing", "TlsFailed")).ShouldContain("expired on");
        billing.Process.Output.ShouldContain("after that no peer accepts it");
        _pki.Make("billing");

        (await InTimeAsync("the message", atBilling.TakeAsync("orders", 1))).ShouldBe(["later"]);
    }

    [Fact]
    public async Task A_gateway_that_takes_the_name_of_another_is_refused_and_the_other_goes_on()
    {
        var (shop, billing) = (With("shop", _pki.Make("shop")), With("billing", _pki.Make("billing")));
        await Task.WhenAll(shop.StartReadyAsync(Token), billing.StartReadyAsync(Token));
        var (atShop, atBilling) = (NewClient(shop), NewClient(billing));
        await atShop.SendAsync("orders@billing", "genuine");
        (await InTimeAsync("the message", atBilling.TakeAsync("orders", 1))).ShouldBe(["genuine"]);

        // It has a certificate of the right CA, and calls itself shop.
        var sales = _plain.Single(gateway => gateway.Name == "sales").Settings;
        var impostor = With(sales with
        {
            Name = "shop",
            Folder = Directory.CreateDirectory(Path.Combine(Folder, "impostor")).FullName,
            Peers = shop.Settings.Peers
        }, _pki.Make("sales"));
        await impostor.StartReadyAsync(Token);
        var atImpostor = NewClient(impostor);
        await atImpostor.SendAsync("orders@billing", "forged");

        (await EvidenceAsync(atImpostor, "billing", "NotAuthorised")).ShouldContain("is for sales, not for shop");
        await atShop.SendAsync("orders@billing", "genuine again");
        (await InTimeAsync("the message", atBilling.TakeAsync("orders", 1))).ShouldBe(["genuine again"]);
        shop.Process.Output.ShouldNotContain("DuplicateName");
    }

    [Fact]
    public async Task A_gateway_without_TLS_and_one_with_it_are_TlsFailed_at_both()
    {
        var (shop, billing) = (_plain.Single(gateway => gateway.Name == "shop"), With("billing", _pki.Make("billing")));
        await Task.WhenAll(shop.StartReadyAsync(Token), billing.StartReadyAsync(Token));

        (await EvidenceAsync(NewClient(shop), "billing", "TlsFailed")).ShouldContain("requires TLS");
        (await EvidenceAsync(NewClient(billing), "shop", "TlsFailed")).ShouldContain("does not use TLS");
        await UntilAsync(
            "billing has logged it", () => billing.Process.Output.Contains($"{ConnectionFault.NotTls}: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_certificate_that_cannot_be_read_and_an_open_address_without_TLS_keep_a_gateway_from_starting()
    {
        var files = _pki.Make("shop");
        await File.WriteAllTextAsync(files.KeyPath, "not a key", Token);
        var broken = With("shop", files);
        var open = Track(new TestGateway(_plain[1].Settings with
        { More = new Dictionary<string, string> { ["Gateway:Links:Address"] = "tcp://0.0.0.0:7421" } }));
        broken.Start();
        open.Start();

        (await InTimeAsync("the broken one ends", broken.Process.Ended)).ShouldBe(2);
        broken.Process.Errors.ShouldContain(files.KeyPath);
        (await InTimeAsync("the open one ends", open.Process.Ended)).ShouldBe(2);
        open.Process.Errors.ShouldContain("Gateway:Links:AllowPlainText");
    }

    private TestGateway With(string name, TlsFiles files) => With(_plain.Single(gateway => gateway.Name == name).Settings, files);

    private TestGateway With(GatewayProcessSettings settings, TlsFiles files) => Track(new TestGateway(settings with
    {
        More = new Dictionary<string, string>(settings.More)
        {
            ["Gateway:Links:Tls:CertificatePath"] = files.CertificatePath,
            ["Gateway:Links:Tls:KeyPath"] = files.KeyPath,
            ["Gateway:Links:Tls:CaPath"] = files.CaPath,
        },
    }));

    private static async Task<string> EvidenceAsync(GatewayClient client, string peer, string cause)
    {
        LinkView? link = null;
        await UntilAsync($"the link to {peer} has the cause {cause}", async () =>
        {
            link = (await OperatorView.StateAsync(client, Token)).LinkTo(peer);
            return link.Cause?.ToString() == cause && link.State != LinkState.Up;
        });
        return link!.Evidence;
    }

    /// <summary>Ends the files with the test.</summary>
    private sealed class Ended(TestPki pki) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            pki.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
