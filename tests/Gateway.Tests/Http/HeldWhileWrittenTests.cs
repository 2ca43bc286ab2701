using Gateway.Http.Resources;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Http;

/// <summary>The leases of what is written to a slow reader.</summary>
public sealed class HeldWhileWrittenTests
{
    private static readonly TimeSpan _lease = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();
    private readonly TaskCompletionSource _read = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _renewed;

    [Fact]
    public async Task AnAnswerThatIsReadAtOnce_RenewsNothing()
    {
        var writing = WriteAsync();
        _read.SetResult();
        await writing;

        _renewed.ShouldBe(0);
    }

    [Fact]
    public async Task AnAnswerThatIsReadSlowly_RenewsUntilItIsWritten_AndThenOnceMore()
    {
        var writing = WriteAsync();
        for (var i = 1; i <= 9; i++)
        {
            _time.Advance(_lease / 3);
            await UntilRenewedAsync(i);
        }

        _read.SetResult();
        await writing;

        _renewed.ShouldBe(10);
    }

    [Fact]
    public async Task AReaderThatIsGone_EndsTheRenewals()
    {
        var writing = WriteAsync();
        _time.Advance(_lease / 3);
        await UntilRenewedAsync(1);

        _read.SetException(new IOException("gone"));
        await Should.ThrowAsync<IOException>(writing);

        _time.Advance(_lease);
        _renewed.ShouldBe(1);
    }

    private Task WriteAsync() => new HeldWhileWritten(new Answer(_read.Task), _lease, _time, () =>
    {
        Interlocked.Increment(ref _renewed);
        return Task.CompletedTask;
    }).ExecuteAsync(new DefaultHttpContext());

    private async Task UntilRenewedAsync(int times)
    {
        while (Volatile.Read(ref _renewed) < times) await Task.Yield();
    }

    private sealed class Answer(Task read) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => read;
    }
}
