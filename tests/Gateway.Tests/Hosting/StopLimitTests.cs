using Gateway.Hosting;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Hosting;

public sealed class StopLimitTests : IDisposable
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(50);

    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _services = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Dispose() => _stopping.Dispose();

    [Fact]
    public async Task AProcess_ThatIsNotAskedToStop_MayRunForEver()
    {
        var running = Await();

        _time.Advance(1000 * _limit);

        running.IsCompleted.ShouldBeFalse();
        _services.SetResult();
        (await running).ShouldBeTrue();
    }

    [Fact]
    public async Task AStop_ThatDoesNotEnd_IsLeft_WhenItsTimeIsOver()
    {
        var running = Await();
        _time.Advance(1000 * _limit);

        await _stopping.CancelAsync();
        _time.Advance(_limit - TimeSpan.FromTicks(1));
        running.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromTicks(1));

        (await running.WaitAsync(_limit, TestContext.Current.CancellationToken)).ShouldBeFalse();
    }

    [Fact]
    public async Task AFailureOfAService_IsThatOfTheProcess()
    {
        var running = Await();

        _services.SetException(new InvalidDataException("it failed"));

        await Should.ThrowAsync<InvalidDataException>(() => running);
    }

    private Task<bool> Await() => StopLimit.AwaitAsync(_services.Task, _stopping.Token, _limit, _time);
}
