using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Gateway.Links.Protocol;
using Gateway.Links.Receiving;
using Gateway.Tests.Transport.Dialing;
using Gateway.Tests.Transport.Zmtp;
using Gateway.Transport;
using Gateway.Transport.Dialing;
using Gateway.Transport.Tls;
using Shouldly;
using Xunit;
using static Gateway.Tests.Crash.ProcessTest;

namespace Gateway.Tests.Transport.Tls;

/// <summary>The dialer of shop, and the front door of billing: each way in, and each way to be kept out.</summary>
[NotUnderWine("Wine makes no ECDSA keys")]
public sealed class LinkTlsTests : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    private readonly TestPki _pki = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _pki.Dispose();

    [Fact]
    public async Task BothCertificatesAreRight_TheConnectionIsOpen_AndMaySpeakForThatNameAlone()
    {
        await using var echo = await OpenAsync(_pki.Make("billing"));

        (await DialAsync(echo, _pki.Tls(_pki.Make("shop")))).Cause.ShouldBe(LinkCause.None);

        echo.Names.ShouldHaveSingleItem().ShouldNotBeNull().Names.ShouldBe(["shop"]);
        echo.Log.Lines.ShouldBeEmpty();
    }

    [Fact]
    public async Task NoCertificate_IsRefused()
    {
        await using var echo = await OpenAsync(_pki.Make("billing"));
        (await IsGreetedAsync(echo, new SslClientAuthenticationOptions())).ShouldBeFalse();

        await RefusedAsync(echo, ConnectionFault.NoCertificate, "no certificate was shown");
    }

    [Fact]
    public async Task Tls12_IsTaken()
    {
        await using var echo = await OpenAsync(_pki.Make("billing"));
        var shop = _pki.Make("shop").Read();
#pragma warning disable CA5398 // The older of the two.
        (await IsGreetedAsync(echo, new SslClientAuthenticationOptions
        { EnabledSslProtocols = SslProtocols.Tls12, ClientCertificateContext = shop.Context })).ShouldBeTrue();
#pragma warning restore CA5398
    }

    [Fact]
    public async Task ACertificateOfAnotherCa_IsRefused_ByTheAcceptingSide()
    {
        await using var echo = await OpenAsync(_pki.Make("billing"));
        var shop = _pki.Make("shop", TestPki.Theirs) with { CaPath = _pki.Make("shop").CaPath };

        var (cause, evidence) = await DialAsync(echo, _pki.Tls(shop));

        cause.ShouldBe(LinkCause.TlsFailed);
        evidence.ShouldContain("this gateway's certificate 'CN=shop'");
        await RefusedAsync(echo, ConnectionFault.CertificateRefused, "its issuer 'CN=Gateway CA");
    }

    [Fact]
    public async Task ACertificateOfAnotherCa_IsRefused_ByTheDialingSide()
    {
        var shop = _pki.Make("shop");
        await using var echo = await OpenAsync(_pki.Make("billing", TestPki.Theirs) with { CaPath = shop.CaPath });

        var (cause, evidence) = await DialAsync(echo, _pki.Tls(shop));

        cause.ShouldBe(LinkCause.TlsFailed);
        evidence.ShouldContain("certificate 'CN=billing'");
        evidence.ShouldContain("is not a CA of Links:Tls:CaPath");
    }

    [Fact]
    public async Task TheRightCaAndAnotherName_IsNotThePeerThatWasMeant()
    {
        await using var echo = await OpenAsync(_pki.Make("sales"));

        var (cause, evidence) = await DialAsync(echo, _pki.Tls(_pki.Make("shop")));

        cause.ShouldBe(LinkCause.TlsFailed);
        evidence.ShouldContain("is for sales, not for billing");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AnExpiredCertificate_IsRefused_OnEitherSide(bool isOfDialer)
    {
        var (fresh, old) = (TimeSpan.Zero, TimeSpan.FromDays(100));
        await using var echo = await OpenAsync(_pki.Make("billing", age: isOfDialer ? fresh : old));

        var (cause, evidence) = await DialAsync(echo, _pki.Tls(_pki.Make("shop", age: isOfDialer ? old : fresh)));

        cause.ShouldBe(LinkCause.TlsFailed);
        if (isOfDialer) await RefusedAsync(echo, ConnectionFault.CertificateRefused, "expired on 20");
        else evidence.ShouldContain("expired on 20");
    }

    [Fact]
    public async Task PlainText_ToTheTlsPort_IsCut_AndToldWhy()
    {
        await using var echo = await OpenAsync(_pki.Make("billing"));

        var (cause, evidence) = await DialAsync(echo, tls: null);

        cause.ShouldBe(LinkCause.TlsFailed);
        evidence.ShouldContain("requires TLS");
        await RefusedAsync(echo, ConnectionFault.NotTls, "its first byte is 0xFF");
    }

    [Fact]
    public async Task Tls_ToThePlainPort_SaysSo()
    {
        await using var echo = await EchoDoor.OpenAsync();

        var (cause, evidence) = await DialAsync(echo, _pki.Tls(_pki.Make("shop")));

        cause.ShouldBe(LinkCause.TlsFailed);
        evidence.ShouldContain("does not use TLS");
        await RefusedAsync(echo, ConnectionFault.NotZmtp, "");
    }

    [Fact]
    public async Task WhatOnlyLooksLikeTls_IsCut()
    {
        await using var echo = await OpenAsync(_pki.Make("billing"));
        using var peer = await RawPeer.ConnectAsync(echo.EndPoint, Cancel);
        await peer.SendAsync([0x16, 3, 1, 0, 5, 9, 9, 9, 9, 9]);

        await peer.EndAsync();

        await RefusedAsync(echo, ConnectionFault.TlsFailed, "the handshake failed");
    }

    [Fact]
    public async Task Silence_OnTheTlsPort_IsCutAfterItsTime()
    {
        await using var echo = await EchoDoor.OpenAsync(
            EchoDoor.Defaults with { Tls = _pki.Tls(_pki.Make("billing")), HandshakeTimeout = TimeSpan.FromMilliseconds(100) });
        using var peer = await RawPeer.ConnectAsync(echo.EndPoint, Cancel);

        await peer.EndAsync();

        await RefusedAsync(echo, ConnectionFault.HandshakeTimeout, "in time");
    }

    [Fact]
    public async Task APinnedCertificate_NeedsNoCa()
    {
        var (billing, shop) = (_pki.Make("billing") with { CaPath = "" }, _pki.Make("shop", TestPki.Theirs) with { CaPath = "" });
        await using var echo = await OpenAsync(billing, ("shop", TestPki.FingerprintOf(shop)));

        (await DialAsync(echo, _pki.Tls(shop, ("billing", TestPki.FingerprintOf(billing))))).Cause.ShouldBe(LinkCause.None);

        echo.Names.ShouldHaveSingleItem().ShouldNotBeNull().Names.ShouldBe(["shop"]);
    }

    [Fact]
    public async Task AnotherCertificateOfTheCa_IsNotThePinnedPeer()
    {
        var shop = _pki.Make("shop");
        await using var echo = await OpenAsync(_pki.Make("billing"), ("shop", new string('0', 64)));

        (await DialAsync(echo, _pki.Tls(shop))).Cause.ShouldBe(LinkCause.None, "it is trusted, as nobody");
        echo.Names.ShouldHaveSingleItem().ShouldNotBeNull().Names.ShouldBeEmpty();

        var (cause, evidence) = await DialAsync(echo, _pki.Tls(shop, ("billing", new string('1', 64))));
        cause.ShouldBe(LinkCause.TlsFailed);
        evidence.ShouldContain("is for no name, not for billing");
    }

    [Theory]
    [InlineData("of another CA")]
    [InlineData("that has expired")]
    public async Task AnUnknownCertificate_IsLetInWhileAGuestIsExpected_AndMaySpeakForNobody(string certificate)
    {
        var tls = _pki.Tls(_pki.Make("billing"));
        var guests = new ExpectedGuests { AreExpected = true };
        tls.Expect(guests);
        await using var echo = await EchoDoor.OpenAsync(EchoDoor.Defaults with { Tls = tls });
        var shop = certificate == "of another CA" ? _pki.Make("shop", TestPki.Theirs) with { CaPath = _pki.Make("x").CaPath }
            : _pki.Make("shop", days: 1, age: TimeSpan.FromDays(2));

        (await DialAsync(echo, _pki.Tls(shop))).Cause.ShouldBe(LinkCause.None);

        var guest = echo.Names.ShouldHaveSingleItem().ShouldNotBeNull();
        (guest.Names.Count, guest.Fingerprint).ShouldBe((0, TestPki.FingerprintOf(shop)));
        guest.Untimely.Contains("expired").ShouldBe(certificate == "that has expired");

        guests.AreExpected = false;
        (await DialAsync(echo, _pki.Tls(shop))).Cause.ShouldBe(LinkCause.TlsFailed);
        echo.Names.Count.ShouldBe(1);
    }

    private Task<EchoDoor> OpenAsync(TlsFiles files, params (string Peer, string Fingerprint)[] pins) =>
        EchoDoor.OpenAsync(EchoDoor.Defaults with { Tls = _pki.Tls(files, pins) });

    /// <summary>Hangs up as soon as it is let in.</summary>
    private static async Task<(LinkCause Cause, string Evidence)> DialAsync(EchoDoor echo, LinkTls? tls)
    {
        using var letIn = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var settings = new DialSettings(_patience, _patience) { Tls = tls, Peer = "billing" };
        using var rounds = new ConnectionRounds(new ConnectionPatience(_patience, _patience), TimeProvider.System);
        var dialer = new Dialer("127.0.0.1", echo.EndPoint.Port, settings, rounds, new FrontDoorCounters(), TimeProvider.System);
        var before = echo.Names.Count;
        var own = new FakeInnerSocket();
        var ended = dialer.RunAsync(own, new ConnectionDrill(TimeProvider.System),
            new DialProgress(() => own.Socket.Result.Send(ZmtpBytes.Message("here"))), letIn.Token);
        await UntilAsync("it has been let in or refused", () => echo.Names.Count > before || ended.IsCompleted);
        await letIn.CancelAsync();
        if (own.Socket.IsCompleted) (await own.Socket).Dispose();
        return await ended.WaitAsync(_patience, Cancel);
    }

    /// <summary>Whether the greeting of ZMTP follows on a handshake with whatever the test wants.</summary>
    private static async Task<bool> IsGreetedAsync(EchoDoor echo, SslClientAuthenticationOptions options)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, echo.EndPoint.Port), Cancel);
        using var secured = new SslStream(new NetworkStream(socket));
#pragma warning disable CA5359 // It is the other side that is tested.
        options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        try
        {
            await secured.AuthenticateAsClientAsync(options, Cancel);
            await secured.ReadExactlyAsync(new byte[64], Cancel);
            return true;
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            // How the refusal shows depends on the version of TLS.
            return false;
        }
    }

    /// <summary>It is counted once, and told in one line.</summary>
    private static async Task RefusedAsync(EchoDoor echo, ConnectionFault fault, string why)
    {
        await UntilAsync($"{fault} is counted", () => echo.Count(fault) > 0);
        await UntilAsync($"{fault} is logged", () => !echo.Log.Lines.IsEmpty);
        echo.Log.Lines.ShouldHaveSingleItem().ShouldContain($": {fault}");
        echo.Log.Lines.Single().ShouldContain(why);
        echo.Names.ShouldBeEmpty();
    }
}
