using System.Net;
using System.Net.Sockets;
using Gateway.Cli.Demo.Processes;
using Gateway.Doctor;
using Gateway.Doctor.Probes;
using Gateway.Links.Protocol;
using Gateway.Tests.Transport;
using Gateway.Tests.Transport.Tls;
using Gateway.Transport.Dialing;
using Gateway.Transport.Tls;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Doctor;

/// <summary>The way to a real front door: how far it can be gone, and where it ends.</summary>
[NotUnderWine("Wine makes no ECDSA keys")]
public sealed class WayProbeTests : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    private readonly TestPki _pki = new();

    public void Dispose() => _pki.Dispose();

    [Fact]
    public async Task Without_Tls_it_is_greeted_and_the_peer_complains_of_nothing()
    {
        await using var echo = await EchoDoor.OpenAsync(EchoDoor.Defaults);

        var reached = (await GoAsync("localhost", echo.EndPoint.Port)).Addresses.Single(address => address.Connected is not null);

        reached.Greeting.ShouldNotBeNull().Cause.ShouldBe(LinkCause.None, reached.Greeting.Fault);
        reached.Tls.ShouldBeNull();
        (reached.Path is not null).ShouldBe(OperatingSystem.IsLinux());
        echo.Log.Lines.ShouldBeEmpty();
        echo.Received.ShouldBeEmpty();
    }

    [Fact]
    public async Task With_Tls_it_is_greeted_by_the_peer_of_the_name()
    {
        await using var echo = await OpenAsync();

        var reached = await TryAsync(echo, _pki.Tls(_pki.Make("shop")));

        reached.Tls.ShouldNotBeNull().Fault.ShouldBeEmpty();
        reached.Tls.Names.ShouldContain("billing");
        reached.Greeting.ShouldNotBeNull().Cause.ShouldBe(LinkCause.None, reached.Greeting.Fault);
        (reached.Path is not null).ShouldBe(OperatingSystem.IsLinux());
    }

    [Fact]
    public async Task A_certificate_for_another_name_ends_the_way_at_Tls()
    {
        await using var echo = await OpenAsync();

        var reached = await TryAsync(echo, _pki.Tls(_pki.Make("shop")), peer: "audit");

        reached.Tls.ShouldNotBeNull().Fault.ShouldContain("not for audit");
        reached.Greeting.ShouldBeNull();
    }

    [Fact]
    public async Task An_own_certificate_that_the_peer_rejects_is_a_matter_of_Tls()
    {
        await using var echo = await OpenAsync();
        var shop = _pki.Make("shop", TestPki.Theirs) with { CaPath = _pki.Make("shop").CaPath };

        var reached = await TryAsync(echo, _pki.Tls(shop));

        // With TLS 1.3 the rejection may come before the end of the handshake, or after it.
        (reached.Greeting?.Cause ?? LinkCause.TlsFailed).ShouldBeOneOf(LinkCause.TlsFailed, LinkCause.ResetByPeer);
        WayChecks.Of([new WayFacts("127.0.0.1", 1, IsName: false, [], [reached])], "billing")
            .ShouldContain(finding => finding.Verdict == Verdict.Fault);
    }

    [Fact]
    public async Task A_peer_that_requires_Tls_is_known_as_such()
    {
        await using var echo = await OpenAsync();

        var greeting = (await TryAsync(echo, tls: null)).Greeting.ShouldNotBeNull();

        greeting.Cause.ShouldBe(LinkCause.TlsFailed);
        greeting.Fault.ShouldContain("it requires TLS");
    }

    [Fact]
    public async Task A_port_without_a_listener_is_Refused_with_the_number_of_the_error()
    {
        var refused = (await GoAsync("127.0.0.1", LoopbackPort.Free(1)[0])).Addresses.ShouldHaveSingleItem();

        refused.Connected.ShouldBeNull();
        refused.Cause.ShouldBe(LinkCause.Refused);
        refused.Error.ShouldContain("ConnectionRefused, ");
    }

    [Fact]
    public async Task A_program_that_is_no_gateway_is_WrongService()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync(listener, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"u8.ToArray());

        var reached = (await GoAsync("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port)).Addresses.ShouldHaveSingleItem();

        reached.Greeting.ShouldNotBeNull().Cause.ShouldBe(LinkCause.WrongService);
        await serving;
    }

    private static async Task ServeAsync(TcpListener listener, byte[] answer)
    {
        using var accepted = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
        await accepted.SendAsync(answer, TestContext.Current.CancellationToken);
        // Until the other side has gone.
        while (await accepted.ReceiveAsync(new byte[1024], TestContext.Current.CancellationToken) > 0)
        {
        }
    }

    private Task<EchoDoor> OpenAsync() => EchoDoor.OpenAsync(EchoDoor.Defaults with { Tls = _pki.Tls(_pki.Make("billing")) });

    private static async Task<AddressFacts> TryAsync(EchoDoor echo, LinkTls? tls, string peer = "billing") =>
        (await GoAsync("127.0.0.1", echo.EndPoint.Port, tls, peer)).Addresses.ShouldHaveSingleItem();

    private static Task<WayFacts> GoAsync(string host, int port, LinkTls? tls = null, string peer = "billing") =>
        new WayProbe(new DialSettings(_patience, _patience) { Tls = tls, Peer = peer }, TimeProvider.System)
            .GoAsync(host, port, TestContext.Current.CancellationToken);
}
