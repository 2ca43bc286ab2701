using System.Text;
using Gateway.Client;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// A gateway whose host has a wrong wall clock, which is set while it runs and while it does not: what was accepted is recognised, and goes
/// on.
/// </summary>
[Kind(Kind.Process)]
[Needs("gcc")]
public sealed class WrongClockTests : ProcessTest
{
    private static readonly TimeSpan _twoHours = TimeSpan.FromHours(2);

    private string ClockPath => Path.Combine(Folder, "ahead");

    private static TimeSpan To1970 => DateTimeOffset.UnixEpoch.AddHours(1) - TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task Started_in_1970_and_set_right_a_repeated_id_is_accepted_once()
    {
        var gateway = await StartAsync(To1970);
        var id = await EnqueueAsync(gateway, null);
        (await EnqueuedAtAsync(gateway)).Year.ShouldBe(1970);

        SetClock(TimeSpan.Zero);

        await RecognisesAsync(gateway, id);
    }

    [Fact]
    public async Task Set_two_hours_forward_and_back_a_repeated_id_is_accepted_once()
    {
        var gateway = await StartAsync(TimeSpan.Zero);
        var id = await EnqueueAsync(gateway, null);

        SetClock(_twoHours);
        await EnqueueAsync(gateway, null);
        await RecognisesAsync(gateway, id, before: 2);

        SetClock(TimeSpan.Zero);
        await RecognisesAsync(gateway, id, before: 3);
    }

    [Fact]
    public async Task Set_forward_to_the_right_time_and_back_while_it_is_down_a_repeated_id_is_accepted_once()
    {
        var gateway = await StartAsync(To1970);
        var id = await EnqueueAsync(gateway, null);

        await gateway.KillAsync();
        await StartAsync(gateway, TimeSpan.Zero);
        await RecognisesAsync(gateway, id);

        (await gateway.StopAsync()).ShouldBe(0);
        await StartAsync(gateway, _twoHours);
        await RecognisesAsync(gateway, id, before: 2);

        await gateway.KillAsync();
        await StartAsync(gateway, -_twoHours);
        await RecognisesAsync(gateway, id, before: 3);
    }

    private async Task<TestGateway> StartAsync(TimeSpan ahead)
    {
        var gateway = NewGateways("local")[0];
        await StartAsync(gateway, ahead);
        return gateway;
    }

    private async Task StartAsync(TestGateway gateway, TimeSpan ahead)
    {
        SetClock(ahead);
        gateway.Start("/usr/bin/env", await PreloadedShim.MakeAsync("clock", Folder), $"CLOCK_AHEAD={ClockPath}");
        await gateway.WaitUntilReadyAsync(Token);
    }

    /// <summary>In place, since the gateway has the file mapped.</summary>
    private void SetClock(TimeSpan ahead)
    {
        using var file = File.OpenHandle(ClockPath, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.Write(file, BitConverter.GetBytes((long)ahead.TotalSeconds), 0);
    }

    private async Task<MessageId> EnqueueAsync(TestGateway gateway, MessageId? id) =>
        (await NewClient(gateway).EnqueueAsync(
            "q@local", Encoding.UTF8.GetBytes("one"), new EnqueueOptions { MessageId = id }, Token)).MessageId;

    private async Task<DateTimeOffset> EnqueuedAtAsync(TestGateway gateway) =>
        (await NewClient(gateway).PeekAsync("q", cancellationToken: Token))[0].EnqueuedAt;

    /// <summary>Another message makes the gateway forget what it may; then the repetition adds nothing.</summary>
    private async Task RecognisesAsync(TestGateway gateway, MessageId id, int before = 1)
    {
        await EnqueueAsync(gateway, null);
        await EnqueueAsync(gateway, id);
        (await NewClient(gateway).PeekAsync("q", count: 100, cancellationToken: Token)).Count.ShouldBe(before + 1);
    }
}
