using System.Net.Sockets;

namespace Gateway.Transport.Plain;

/// <summary>
/// What is written to one connection, and how far that is: the bytes that the system has taken, and those that the other host has
/// acknowledged. The loop gives the bytes; the connection's tasks write and watch, and report progress.
/// </summary>
/// <param name="mustBeTold">
/// Something depends on what the system tells as acknowledged; otherwise, where it tells nothing, the bytes it has taken count.
/// </param>
internal sealed class WatchedOutput(TimeProvider time, bool mustBeTold = false)
{
    /// <summary>A connection that breaks tells nothing either, and its break, which is the better reason, may be a moment behind.</summary>
    private static readonly TimeSpan _untoldMax = TimeSpan.FromSeconds(1);

    private readonly TargetWriter _writer = new();
    private readonly TlsMarks _tlsMarks = new();
    private AcknowledgedBytes? _acknowledged;
    private Action _report = () => { };

    /// <summary>What TLS writes; null for plain text.</summary>
    private CountedStream? _tls;

    /// <summary>1 while a report of progress waits for the loop.</summary>
    private int _isReported;
    private long _upTo;

    public long Written => _writer.Written;

    public long Acknowledged => Volatile.Read(ref _upTo);

    /// <summary>The system tells of this connection, as far as is known.</summary>
    public bool IsTold => _acknowledged is { IsTold: true };

    /// <summary>The last figures of the system; null while there are none.</summary>
    public TcpFigures? Figures => Told().Figures;

    /// <summary>The connection stands, and nothing is written to it yet.</summary>
    /// <param name="post">Leads a report to the loop.</param>
    /// <param name="onProgress">Gets, on the loop, the bytes written and acknowledged; one report stands for all until it is taken.</param>
    public void Begin(Socket socket, Action<Action> post, Action<long, long> onProgress)
    {
        _acknowledged = new AcknowledgedBytes(socket, time);
        _report = () => post(() =>
        {
            Interlocked.Exchange(ref _isReported, 0);
            onProgress(Written, Acknowledged);
        });
    }

    /// <summary>TLS writes here.</summary>
    public void Secure(CountedStream tls) => _tls = tls;

    /// <inheritdoc cref="TargetWriter.Write"/>
    public void Write(ReadOnlyMemory<byte> bytes) => _writer.Write(bytes);

    /// <inheritdoc cref="TargetWriter.Finish"/>
    public void Finish() => _writer.Finish();

    /// <inheritdoc cref="TargetWriter.Close"/>
    public void Close() => _writer.Close();

    /// <summary>Writes until the connection ends.</summary>
    public Task<TargetBreak> RunAsync(IByteOutput output, CancellationToken over) => _writer.RunAsync(output, OnWritten, over);

    /// <summary>
    /// Asks the system what was acknowledged, often while the answer changes and less often while it does not.
    /// </summary>
    public async Task<TargetBreak> WatchAsync(CancellationToken over)
    {
        var pace = new WatchPace();
        try
        {
            while (true)
            {
                await _writer.BytesUnderWayAsync(() => Acknowledged, over);
                await Task.Delay(pace.Next(Read()), time, over);
                var (told, untoldFor) = Told();
                if (mustBeTold && untoldFor > _untoldMax) return new TargetBreak(TargetBreakKind.Untold);
                if (told is not { } figures) continue;
                if (figures.IsClosed) return new TargetBreak(TargetBreakKind.Broken, Text: "the connection broke");
                if (WatchPace.IsSilent(figures)) return new TargetBreak(TargetBreakKind.Silent,
                    Text: $"the last acknowledgement came {Gateway.Kernel.Figures.Span(figures.Silent)} ago");
            }
        }
        catch (OperationCanceledException)
        {
            return new TargetBreak(TargetBreakKind.Closed);
        }
    }

    /// <summary>Asks once. True if more is acknowledged than before.</summary>
    public bool Read()
    {
        lock (_acknowledged!)
        {
            var upTo = _tls is null ? _acknowledged.Read(_writer.HandedOver) : _tlsMarks.Within(_acknowledged.Read(_tls.HandedOver));
            if (!_acknowledged.IsTold && !mustBeTold) upTo = _writer.Written;
            if (upTo <= _upTo) return false;
            Volatile.Write(ref _upTo, upTo);
        }

        Report();
        return true;
    }

    private (TcpFigures? Figures, TimeSpan UntoldFor) Told()
    {
        if (_acknowledged is null) return (null, TimeSpan.Zero);
        lock (_acknowledged) return (_acknowledged.Figures, _acknowledged.UntoldFor);
    }

    private void OnWritten()
    {
        if (_tls is not null)
        {
            lock (_acknowledged!) _tlsMarks.Add(_writer.Written, _tls.HandedOver);
        }

        Read();
        Report();
    }

    private void Report()
    {
        if (Interlocked.Exchange(ref _isReported, 1) == 0) _report();
    }
}
