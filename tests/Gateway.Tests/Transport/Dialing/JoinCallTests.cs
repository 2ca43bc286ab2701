using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Gateway.Links.Pairing;
using Gateway.Tests.Transport.Tls;
using Gateway.Transport.Dialing;
using Gateway.Transport.Tls;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport.Dialing;

/// <summary>Billing calls shop, whose code it has; somebody else answers.</summary>
[NotUnderWine("Wine makes no ECDSA keys")]
public sealed class JoinCallTests : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    private readonly TestPki _pki = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TlsFiles _shop;
    private readonly TlsFiles _billing;

    public JoinCallTests()
    {
        (_shop, _billing) = (_pki.Make("shop") with { CaPath = "" }, _pki.Make("billing") with { CaPath = "" });
        _listener.Start();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _listener.Dispose();
        _pki.Dispose();
    }

    [Fact]
    public async Task AManInTheMiddle_WithACertificateOfTheSameNameAndCa_HearsNothing()
    {
        var heard = ServeAsync(_pki.Make("shop", folder: "another"));

        var outcome = await CallAsync();

        outcome.IsJoined.ShouldBeFalse();
        outcome.Fault.ShouldContain("does not show the certificate of the code");
        outcome.Fault.ShouldContain("nothing was said to it");
        (await heard).ShouldBe(0);
        (outcome.IsFinal, outcome.IsUnknown).ShouldBe((false, false), "the right gateway may be at the next address");
    }

    [Fact]
    public async Task TheRightGateway_ThatEndsTheConnection_HasNoInvitation()
    {
        var heard = ServeAsync(_shop);

        var outcome = await CallAsync();

        (outcome.IsJoined, outcome.IsFinal).ShouldBe((false, true));
        outcome.Fault.ShouldContain("no invitation is open there");
        await heard;
    }

    [Fact]
    public async Task NobodyThere_IsSaid_WithTheReason()
    {
        var port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _listener.Stop();

        var outcome = await CallAsync(port);

        outcome.Fault.ShouldContain($"127.0.0.1:{port} does not answer");
        outcome.IsFinal.ShouldBeFalse();
    }

    [Fact]
    public async Task ACertificateThatIsNotValidNow_IsSaid_WithTheClockHere()
    {
        var old = _pki.Make("shop", days: 1, age: TimeSpan.FromDays(3), folder: "old");
        var heard = ServeAsync(old);

        (await CallAsync(certificate: old)).Fault.ShouldContain("expired on");

        (await heard).ShouldBe(0);
    }

    private Task<JoinOutcome> CallAsync(int? port = null, TlsFiles? certificate = null)
    {
        var fingerprint = TestPki.FingerprintOf(certificate ?? _shop);
        var code = new PairingCode("shop", fingerprint, ["127.0.0.1:1"], 1_900_000_000_000, new byte[PairingCode.SecretBytes]);
        var call = new JoinCall(
            code, _pki.Tls(_billing, ("shop", fingerprint)), new DialSettings(_patience, _patience), TimeProvider.System);
        return call.RunAsync("127.0.0.1", port ?? ((IPEndPoint)_listener.LocalEndpoint).Port,
            address => new Joiner("billing", $"{address}:7421", TestPki.FingerprintOf(_billing)), Cancel);
    }

    /// <summary>Accepts one connection, with a certificate, and reads until it ends or says something.</summary>
    /// <returns>The bytes that were said inside of TLS.</returns>
    private async Task<int> ServeAsync(TlsFiles files)
    {
        using var socket = await _listener.AcceptSocketAsync(Cancel);
#pragma warning disable CA5359 // It takes whatever it is shown.
        await using var secured = new SslStream(new NetworkStream(socket), leaveInnerStreamOpen: false, (_, _, _, _) => true);
#pragma warning restore CA5359
        try
        {
            using var own = files.Read().Own;
            await secured.AuthenticateAsServerAsync(own, clientCertificateRequired: true, checkCertificateRevocation: false);
            return await secured.ReadAsync(new byte[1000], Cancel);
        }
        catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
        {
            return 0;
        }
    }
}
