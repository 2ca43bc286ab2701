using Gateway.Client.Processing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Client.Processing;

public sealed class ProcessorEventsTests
{
    /// <summary>Enough for two threads to meet at every step of waking and taking.</summary>
    private const int Rounds = 1_000_000;

    /// <summary>A limit against hanging, not an expectation.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Wake_IsNeverLost_HoweverItMeetsTheTaking()
    {
        var events = new ProcessorEvents(messagesMax: 1);
        var (wanted, seen) = (0, 0);
        var loop = Task.Run(
            async () =>
            {
                while (seen < Rounds)
                {
                    await events.WaitAsync(null);
                    events.TryTake(out _).ShouldBeFalse();
                    Volatile.Write(ref seen, Volatile.Read(ref wanted));
                }
            },
            Token);

        var waking = Task.Run(
            () =>
            {
                var random = new Random(1);
                for (var round = 1; round <= Rounds; round++)
                {
                    // So long that the loop is anywhere between its sleep and the next one.
                    Thread.SpinWait(random.Next(100));
                    Volatile.Write(ref wanted, round);
                    events.Wake();
                    if (round % 16 == 0) SpinWait.SpinUntil(() => Volatile.Read(ref seen) >= round, _patience).ShouldBeTrue();
                }
            },
            Token);

        await Task.WhenAll(waking, loop).WaitAsync(_patience, Token);
    }

    [Fact]
    public async Task Wait_EndsWithTheOtherTask_WithoutAnEvent()
    {
        var events = new ProcessorEvents(messagesMax: 1);
        var other = new TaskCompletionSource();
        var waiting = events.WaitAsync(other.Task);
        waiting.IsCompleted.ShouldBeFalse();

        other.SetResult();

        await waiting.WaitAsync(_patience, Token);
        events.TryTake(out _).ShouldBeFalse();
    }
}
