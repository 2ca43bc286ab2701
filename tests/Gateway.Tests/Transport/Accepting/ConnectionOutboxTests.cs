using Gateway.Transport;
using Gateway.Transport.Accepting;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport.Accepting;

/// <summary>What waits to be sent to a peer that takes nothing for now.</summary>
public sealed class ConnectionOutboxTests : IDisposable
{
    private const long BytesMax = 100;

    private static readonly TimeSpan _long = TimeSpan.FromDays(1);

    private readonly ConnectionRounds _rounds = new(new ConnectionPatience(_long, _long), new FakeTimeProvider());
    private readonly MemoryBudget _budget = new(BytesMax);
    private readonly GatedStream _stream = new();
    private readonly ConnectionOutbox _outbox;

    public ConnectionOutboxTests()
    {
        var watch = new ConnectionWatch(_rounds.Patience, _rounds.Time, new WireBytes());
        _outbox = new ConnectionOutbox(_stream, watch, _budget, new WakeSignal());
    }

    public void Dispose() => _rounds.Dispose();

    [Fact]
    public void WhatWouldWaitBeyondTheBound_IsRefused_AndNothingOfItIsPutIn()
    {
        Put(60).ShouldBeTrue();
        Put(41).ShouldBeFalse();
        _outbox.Bytes.ShouldBe(60);

        Put(40).ShouldBeTrue();

        _outbox.Bytes.ShouldBe(100);
    }

    [Fact]
    public void WhatIsLargerThanTheBound_WaitsAlone()
    {
        Put(1000).ShouldBeTrue();

        Put(1).ShouldBeFalse();
        _budget.IsExceeded.ShouldBeTrue();
    }

    [Fact]
    public async Task WhatHasLeft_MakesRoom_AndIsCountedNoMore()
    {
        Put(100).ShouldBeTrue();
        Put(1).ShouldBeFalse();

        _stream.Gate.SetResult();
        await _outbox.CloseAsync(TestContext.Current.CancellationToken);

        _stream.Length.ShouldBe(100);
        _outbox.Bytes.ShouldBe(0);
        await _budget.TakeAsync(BytesMax, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task WhatCouldNotBeSent_IsCountedNoMore_OnceItIsClosed()
    {
        Put(100).ShouldBeTrue();

        await _outbox.CloseAsync(new CancellationToken(canceled: true));

        await _budget.TakeAsync(BytesMax, TestContext.Current.CancellationToken);
    }

    private bool Put(int bytes) => _outbox.TryPut(new byte[1], new byte[bytes - 1], BytesMax);

    /// <summary>Takes nothing until its gate is open.</summary>
    private sealed class GatedStream : MemoryStream
    {
        public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Gate.Task.WaitAsync(cancellationToken);
            Write(buffer.Span);
        }
    }
}
