using System.Globalization;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// A link whose connections are cut all the time, under load. <c>GATEWAY_FLAP_MS</c> is how long each lasts (200 ms),
/// <c>GATEWAY_FLAP_SECONDS</c> for how long that goes on (4 s); tests/soak.sh takes longer for both.
/// </summary>
[Kind(Kind.Process)]
public sealed class FlappingLinkTests(ITestOutputHelper output) : LinkTest
{
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(FromEnvironment("GATEWAY_FLAP_MS", 200));
    private static readonly TimeSpan _duration = TimeSpan.FromSeconds(FromEnvironment("GATEWAY_FLAP_SECONDS", 4));

    [Fact]
    public async Task A_link_that_is_cut_again_and_again_loses_nothing_doubles_nothing_keeps_order_and_goes_on()
    {
        var (near, far) = NewPair(new Dictionary<string, string>(Quick) { ["Gateway:Links:BackoffMin"] = "00:00:00.010" });
        var proxy = Track(TcpProxy.To(far.Settings.LinksPort));
        near = Towards(near, proxy.Address);
        var client = await StartAsync(near, far);
        var books = new Reckoning("orders");
        var producer = new TestProducer(NewClient(near), "orders@far", [books], new Random(2));
        using var consumed = new CancellationTokenSource();
        var producing = Task.Run(() => producer.RunAsync(Token), Token);
        var consuming = Task.Run(() => new TestConsumer(NewClient(far), "orders", books).RunAsync(consumed.Token), Token);

        var cuts = 0;
        using var timer = new PeriodicTimer(_interval, TimeProvider.System);
        for (var end = Now + _duration; Now < end;)
        {
            // The interval begins with a connection that carries something: each has to bring the messages on.
            await InTimeAsync("messages come through", Task.WhenAny(books.CompletedTally.MoreAsync(1, Token), producing, consuming)
                .Unwrap());
            await timer.WaitForNextTickAsync(Token);
            cuts += proxy.Reset();
        }

        producer.Finish();
        await InTimeAsync("the last receipts", producing);
        await UntilEmptyAsync(books, client, NewClient(far));
        await consumed.CancelAsync();
        await InTimeAsync("the consumer ends", consuming);

        output.WriteLine($"{cuts} connections cut, {books.AcceptedTally.Count} messages");
        books.Faults().ShouldBeEmpty();
        cuts.ShouldBeGreaterThan(5);
        (await OperatorView.LinkAsync(client, Far)).History.ShouldContain(
            change => change.State == LinkState.Down && change.Cause == LinkCause.ResetByPeer);
    }

    private static int FromEnvironment(string name, int standard) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : standard;
}
