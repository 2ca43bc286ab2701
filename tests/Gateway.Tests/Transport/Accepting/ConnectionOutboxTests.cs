using Gateway.Client.Wire;
using Gateway.Transport;
using Gateway.Transport.Accepting;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport.Accepting;

/// <summary>Bytes that wait for a peer that takes nothing for now.</summary>
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

    [Theory]
    [InlineData(200)]
    [InlineData(10_000)]
    [InlineData(20_000)]
    public async Task MessagesPutInTogether_LeaveWholeAndInOrder_SmallOnesInOnePiece(int bodyBytes)
    {
        var messages = Enumerable.Range(1, 7).Select(number => Message(number, bodyBytes)).ToList();
        var expected = new byte[messages.Sum(PackedMessages.SizeBytes)];
        var written = 0;
        foreach (var message in messages) written += PackedMessages.Write(message, expected.AsSpan(written));

        _outbox.TryPut("head"u8, messages, written, bytesMax: 1).ShouldBeTrue();
        _stream.Gate.SetResult();
        await _outbox.CloseAsync(TestContext.Current.CancellationToken);

        written.ShouldBe(expected.Length);
        _stream.ToArray().ShouldBe([.. "head"u8, .. expected]);
        if (bodyBytes < 16 * 1024) _stream.Writes.ShouldBe(1);
    }

    private static IReadOnlyList<ReadOnlyMemory<byte>> Message(int number, int bodyBytes)
    {
        var body = new byte[bodyBytes];
        body.AsSpan().Fill((byte)number);
        return ["MESSAGE"u8.ToArray(), ReadOnlyMemory<byte>.Empty, body];
    }

    private bool Put(int bytes) => _outbox.TryPut(new byte[1], new byte[bytes - 1], BytesMax);

    /// <summary>Takes nothing until its gate is open.</summary>
    private sealed class GatedStream : MemoryStream
    {
        public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Writes { get; private set; }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Gate.Task.WaitAsync(cancellationToken);
            Writes++;
            Write(buffer.Span);
        }
    }
}
