using System.Collections.Concurrent;
using System.IO.Pipelines;
using Gateway.Tests.Transport.Zmtp;
using Gateway.Transport;
using Gateway.Transport.Accepting;
using Gateway.Transport.Zmtp;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;
using static Gateway.Tests.Crash.ProcessTest;

namespace Gateway.Tests.Transport.Accepting;

/// <summary>When a reader goes on, and when it does not; all on one thread.</summary>
public sealed class ConnectionReaderTests : IArrivals, IDisposable
{
    private static readonly TimeSpan _long = TimeSpan.FromDays(1);
    private static readonly ZmtpLimits _limits = new(["DEALER"], 40_000_000, 40_000_000, 10);

    private readonly FakeTimeProvider _time = new();
    private readonly ConnectionRounds _rounds;
    private readonly ConnectionMemory _memory = new(new MemoryBudget(100_000_000), new MemoryBudget(100_000_000));
    private readonly Pipe _pipe = new(new PipeOptions(
        readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 1, resumeWriterThreshold: 1,
            useSynchronizationContext: false));

    private readonly ConcurrentQueue<ArrivedMessages> _arrived = [];
    private readonly ConnectionOutbox _outbox;
    private readonly ConnectionReader _reader;

    public ConnectionReaderTests()
    {
        _rounds = new ConnectionRounds(new ConnectionPatience(_long, _long), _time);
        var watch = new ConnectionWatch(_rounds.Patience, _rounds.Time, new WireBytes());
        var more = new WakeSignal();
        _outbox = new ConnectionOutbox(new StuckStream(), watch, _memory.Output, more);
        _reader = new ConnectionReader(_pipe.Reader, new ZmtpReader(ZmtpChecker.AfterHandshake(_limits)), _outbox, watch, _memory, more);
        _ = _reader.RunAsync(this, TestContext.Current.CancellationToken);
    }

    void IArrivals.OnArrived(ArrivedMessages arrived) => _arrived.Enqueue(arrived);

    public void Dispose() => _rounds.Dispose();

    [Fact]
    public void APinger_ThatReadsNoAnswer_IsNotReadFrom()
    {
        byte[] pings = [.. Enumerable.Repeat(ZmtpBytes.Command([.. "\u0004PING"u8, 0, 0, .. new byte[16]]), 500).SelectMany(ping => ping)];
        var sent = 0;
        for (; IsRead(pings); sent++) _time.Advance(TimeSpan.FromSeconds(1));

        (sent * pings.Length).ShouldBeInRange(pings.Length, ConnectionReader.StrangerBytes);
        _outbox.Bytes.ShouldBeLessThan(ConnectionReader.StrangerBytes);
    }

    [Fact]
    public async Task AStranger_IsReadOn_WhenWhatItSaidWasTaken()
    {
        IsRead(ZmtpBytes.Message("hello")).ShouldBeTrue();
        IsRead(ZmtpBytes.Message("again")).ShouldBeFalse();
        _arrived.Count.ShouldBe(1);

        _reader.OnTaken(_arrived.First().Bytes);

        await UntilAsync("the reader has come so far", () => _arrived.Count == 2);
    }

    [Fact]
    public async Task OneThatIsKnown_IsReadOn_UntilMuchWaits()
    {
        var hello = ZmtpBytes.Message("hello");
        IsRead(hello).ShouldBeTrue();
        _reader.Allow(_limits);
        _reader.OnTaken(hello.Length);
        var message = ZmtpBytes.Frame(0, new byte[1024 * 1024]);
        await UntilAsync("the reader has come so far", () => IsRead(hello));
        var read = 1;
        while (IsRead(message)) read++;

        read.ShouldBeInRange(31, 34);
        var before = _arrived.Count;
        _reader.OnTaken(message.Length);
        _reader.OnTaken(message.Length);
        await UntilAsync("the reader has come so far", () => _arrived.Count > before);
    }

    /// <summary>Whether the reader has looked at it by the time this returns.</summary>
    private bool IsRead(byte[] bytes) => _pipe.Writer.WriteAsync(bytes, TestContext.Current.CancellationToken).IsCompleted;

    /// <summary>Of a peer that takes nothing.</summary>
    private sealed class StuckStream : MemoryStream
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
    }
}
