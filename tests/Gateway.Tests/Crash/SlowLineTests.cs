using Gateway.Links.Causes;
using Gateway.Tests.Transport.Tls;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// Lines so slow that what is sent takes longer than any patience: it arrives all the same, once, on one connection. With times as short as
/// a test needs, and lines that are faster by as much; with GATEWAY_SLOW_LINES set, with the times that a gateway has by itself, on lines
/// as slow as they are.
/// </summary>
[Collection(ProcessCollection.Name)]
public sealed class SlowLineTests : LinkTest
{
    private static readonly bool _isReal = Environment.GetEnvironmentVariable("GATEWAY_SLOW_LINES") is { Length: > 0 };

    /// <summary>So many times as fast as in reality.</summary>
    private static readonly int _haste = _isReal ? 1 : 8;

    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(_isReal ? 900 : 90);

    private static readonly Dictionary<string, string> _times = _isReal ? [] : new()
    {
        ["Gateway:Links:HeartbeatInterval"] = "00:00:00.250",
        ["Gateway:Links:DeadAfter"] = "00:00:01",
        ["Gateway:Links:AckTimeout"] = "00:00:03.750",
    };

    [Theory]
    [InlineData(64_000, 1_000_000, 1)]
    [InlineData(12_000, 1_000, 500)]
    [InlineData(2_000, 50_000, 1)]
    public async Task Everything_arrives_on_the_first_connection(int bytesPerSecond, int bodyBytes, int messages)
    {
        var (near, far, line) = NewSlowPair(bytesPerSecond, _times);
        await using var _ = line;
        var client = await StartAsync(near, far);
        var up = Now;

        await InTimeAsync("receipts", Task.WhenAll(
            Enumerable.Range(0, messages).Select(_ => client.EnqueueAsync("jobs@far", new byte[bodyBytes], null, Token).AsTask())));
        var arrived = await TakeAsync(far, "jobs", messages);

        arrived.ShouldAllBe(body => body.Length == bodyBytes);
        (Now - up).ShouldBeGreaterThan(1.5 * TimeSpan.FromSeconds(_isReal ? 8 : 1), "it has to take longer than a silence may");
        (await OperatorView.LinkAsync(client, Far)).History.Where(change => change.At >= up && change.State != LinkState.Up)
            .ShouldBeEmpty();
        line.Carried.ShouldBeLessThan((long)(1.3 * bodyBytes * messages) + 10_000, "nothing is sent twice");
        (await OperatorView.StateAsync(NewClient(far), Token)).Messages().ShouldBe(0, "nothing arrives twice");
    }

    [Fact]
    public async Task A_message_behind_those_of_another_queue_is_not_taken_for_stuck()
    {
        const int Messages = 10_000, BodyBytes = 200;
        var (near, far, line) = NewSlowPair(60_000, _times);
        await using var _ = line;
        var client = await StartAsync(near, far);
        var up = Now;

        await InTimeAsync("receipts", Task.WhenAll(
            Enumerable.Range(0, Messages).Select(_ => client.EnqueueAsync("first@far", new byte[BodyBytes], null, Token).AsTask())));
        await client.SendAsync("second@far", "behind them");
        await TakeAsync(far, "first", Messages);
        (await TakeAsync(far, "second", 1)).ShouldBe(["behind them"]);

        (await OperatorView.LinkAsync(client, Far)).History.Where(change => change.At >= up && change.State != LinkState.Up)
            .ShouldBeEmpty();
        line.Carried.ShouldBeLessThan((long)(1.3 * BodyBytes * Messages) + 1_000_000, "nothing is sent twice");
    }

    [Fact]
    public async Task A_TLS_record_that_takes_longer_than_a_silence_may_is_no_silence()
    {
        using var pki = new TestPki();
        var (near, far, line) = NewSlowPair(_isReal ? 2_000 : 1_000, _times);
        await using var _ = line;
        (near, far) = (With(pki, near), With(pki, far));
        var client = await StartAsync(near, far);
        var up = Now;

        await client.EnqueueAsync("jobs@far", new byte[60_000], null, Token);
        await TakeAsync(far, "jobs", 1);

        (await OperatorView.LinkAsync(client, Far)).History.Where(change => change.At >= up && change.State != LinkState.Up)
            .ShouldBeEmpty();
    }

    private (TestGateway Near, TestGateway Far, SlowLine Line) NewSlowPair(int bytesPerSecond, Dictionary<string, string> more)
    {
        var (near, far) = NewPair(more);
        var line = new SlowLine(far.Settings.LinksPort, bytesPerSecond * _haste);
        return (Towards(near, line.Address), far, line);
    }

    private TestGateway With(TestPki pki, TestGateway plain)
    {
        var files = pki.Make(plain.Name);
        var secure = new Dictionary<string, string>(plain.Settings.More)
        {
            ["Gateway:Links:Tls:CertificatePath"] = files.CertificatePath,
            ["Gateway:Links:Tls:KeyPath"] = files.KeyPath,
            ["Gateway:Links:Tls:CaPath"] = files.CaPath,
        };
        return Track(new TestGateway(plain.Settings with { More = secure }));
    }

    /// <summary>Waits for the messages over the line, for as long as that may take.</summary>
    private Task<IReadOnlyList<string>> TakeAsync(TestGateway far, string queue, int count) =>
        NewClient(far).TakeAsync(queue, count).WaitAsync(_limit, Token);
}
