using System.Net;
using System.Net.Sockets;
using Gateway.Links.Protocol;
using Gateway.Transport;
using Gateway.Transport.Dialing;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport.Dialing;

/// <summary>A name with several addresses; the resolver is the test's, the addresses are on loopback.</summary>
public sealed class AddressRaceTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);
    private static readonly HashSet<IPAddress> _none = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AFirstAddress_ThatDoesNotAnswer_CostsAMoment()
    {
        using var silent = new SilentListener(IPAddress.IPv6Loopback);
        using var listener = Listen(new IPEndPoint(IPAddress.Loopback, silent.Port));

        var result = await Race(_patience).ConnectAsync([IPAddress.IPv6Loopback, IPAddress.Loopback], silent.Port, _none, Cancel)
            .WaitAsync(_patience, Cancel);

        using var winner = result.Winner.ShouldNotBeNull();
        ((IPEndPoint)winner.RemoteEndPoint!).Address.ShouldBe(IPAddress.Loopback);
        result.Failures.ShouldBeEmpty();
    }

    [Fact]
    public async Task AFirstAddress_ThatRefuses_IsFollowedAtOnce_ByTheNext()
    {
        var time = new FakeTimeProvider();
        using var listener = Listen(new IPEndPoint(IPAddress.Loopback, 0));

        // No clock runs: nothing waits for the moment between two addresses.
        var result = await new AddressRace(Dns.GetHostAddressesAsync, _patience, time)
            .ConnectAsync([IPAddress.IPv6Loopback, IPAddress.Loopback], PortOf(listener), _none, Cancel).WaitAsync(_patience, Cancel);

        using var winner = result.Winner.ShouldNotBeNull();
        result.Failures.Single().Error.ShouldBe(SocketError.ConnectionRefused);
    }

    [Fact]
    public async Task TheSecond_IsBegunAfterAMoment_AndTheFirstMayStillWin()
    {
        var time = new FakeTimeProvider();
        using var silent = new SilentListener(IPAddress.IPv6Loopback);
        using var alsoSilent = new SilentListener(IPAddress.Loopback, silent.Port);

        var race = new AddressRace(Dns.GetHostAddressesAsync, _patience, time)
            .ConnectAsync([IPAddress.IPv6Loopback, IPAddress.Loopback], silent.Port, _none, Cancel);
        time.Advance(AddressRace.Delay);
        silent.MakeRoom();

        using var winner = (await race.WaitAsync(_patience, Cancel)).Winner.ShouldNotBeNull();
        ((IPEndPoint)winner.RemoteEndPoint!).Address.ShouldBe(IPAddress.IPv6Loopback);
    }

    [Fact]
    public async Task NoneAnswers_EachIsNamed_WithItsOwnFailure()
    {
        using var silent = new SilentListener(IPAddress.IPv6Loopback);

        var result = await Race(TimeSpan.FromMilliseconds(300))
            .ConnectAsync([IPAddress.IPv6Loopback, IPAddress.Loopback], silent.Port, _none, Cancel);
        var (cause, evidence) = RaceEvidence.Of("billing", silent.Port, result.Failures, result.HasMore);

        result.Winner.ShouldBeNull();
        cause.ShouldBe(LinkCause.Refused);
        // The time is the one that was measured: a refusal alone takes Windows two seconds.
        evidence.ShouldMatch($@"^billing:{silent.Port} leads to 2 addresses, of which none answered: \[::1\]:{silent.Port} did not "
            + $@"answer within [0-9.]+ s; 127\.0\.0\.1:{silent.Port}: ");
        evidence.ShouldContain("ConnectionRefused");
    }

    [Fact]
    public async Task Cancelled_ItEnds_AndNothingIsLeftOpen()
    {
        using var silent = new SilentListener(IPAddress.Loopback);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancel);

        var race = Race(_patience).ConnectAsync([IPAddress.Loopback], silent.Port, _none, over.Token);
        await over.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(race.WaitAsync(_patience, Cancel));
    }

    [Fact]
    public async Task AResolver_ThatDoesNotAnswer_IsGivenUp_AndTakesNothingFromTheConnection()
    {
        var time = new FakeTimeProvider();
        var race = new AddressRace((_, cancel) => Task.Delay(Timeout.InfiniteTimeSpan, cancel)
            .ContinueWith(_ => Array.Empty<IPAddress>(), CancellationToken.None), TimeSpan.FromSeconds(5), time);

        var resolving = race.ResolveAsync("billing", Cancel);
        time.Advance(TimeSpan.FromSeconds(5));

        (await Should.ThrowAsync<TimeoutException>(resolving.WaitAsync(_patience, Cancel))).Message.ShouldBe(
            "no address for billing within 5 s");
    }

    [Fact]
    public void Families_TakeTurns_AndTheMisledComeLast()
    {
        IPAddress[] addresses = [IPAddress.Parse("2001:db8::1"), IPAddress.Parse("2001:db8::2"), IPAddress.Parse("192.0.2.1"),
            IPAddress.Parse("192.0.2.1"), IPAddress.Parse("192.0.2.2")];

        AddressRace.Order(addresses, _none).Select(address => address.ToString())
            .ShouldBe(["2001:db8::1", "192.0.2.1", "2001:db8::2", "192.0.2.2"]);
        AddressRace.Order(addresses, new HashSet<IPAddress> { addresses[0] })[^1].ShouldBe(addresses[0]);
    }

    [Fact]
    public async Task ADialer_WhoseFirstAddressIsNoGateway_TriesTheOtherNextTime()
    {
        using var stranger = Listen(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        using var gateway = Listen(new IPEndPoint(IPAddress.Loopback, PortOf(stranger)));
        var settings = new DialSettings(_patience, _patience)
        { Resolve = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.IPv6Loopback, IPAddress.Loopback]) };
        var dialer = new Dialer("billing", PortOf(stranger), settings, new ConnectionRounds(
            new ConnectionPatience(_patience, _patience), TimeProvider.System), new FrontDoorCounters(), TimeProvider.System);
        var progress = new DialProgress();

        var first = dialer.RunAsync(new FakeInnerSocket(), new ConnectionDrill(TimeProvider.System), progress, Cancel);
        using (var connection = await stranger.AcceptAsync(Cancel))
            await connection.SendAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(), Cancel);
        var (cause, evidence) = await first.WaitAsync(_patience, Cancel);
        var second = dialer.RunAsync(new FakeInnerSocket(), new ConnectionDrill(TimeProvider.System), progress, Cancel);
        using (await gateway.AcceptAsync(Cancel).AsTask().WaitAsync(_patience, Cancel))
        {
            cause.ShouldBe(LinkCause.WrongService);
            evidence.ShouldContain($"billing:{PortOf(stranger)} ([::1]:{PortOf(stranger)})");
        }

        await second.WaitAsync(_patience, Cancel);
        progress.Found.ShouldNotBeNull().Connected.ShouldBe("127.0.0.1");
    }

    private static AddressRace Race(TimeSpan timeout) => new(Dns.GetHostAddressesAsync, timeout, TimeProvider.System);

    private static Socket Listen(IPEndPoint end)
    {
        var listener = new Socket(end.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(end);
        listener.Listen(10);
        return listener;
    }

    private static int PortOf(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;

    /// <summary>Its queue is full, so the system answers nobody who connects.</summary>
    private sealed class SilentListener : IDisposable
    {
        private readonly Socket _listener;
        private readonly List<Socket> _waiting = [];

        public SilentListener(IPAddress address, int port = 0)
        {
            _listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            _listener.Bind(new IPEndPoint(address, port));
            _listener.Listen(0);
            for (var i = 0; i < 3; i++)
            {
                var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                _waiting.Add(socket);
                var connecting = socket.ConnectAsync(_listener.LocalEndPoint!);
                if (i == 0) connecting.Wait();
            }
        }

        public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

        /// <summary>The system tries again by itself, after a second.</summary>
        public void MakeRoom()
        {
            foreach (var socket in _waiting) socket.Dispose();
            _ = TakeAsync();
        }

        public void Dispose()
        {
            foreach (var socket in _waiting) socket.Dispose();
            _listener.Dispose();
        }

        private async Task TakeAsync()
        {
            try
            {
                while (true) _waiting.Add(await _listener.AcceptAsync());
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
            }
        }
    }
}
