using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Gateway.Benchmarks.EndToEnd;
using HdrHistogram;

namespace Gateway.Benchmarks.Tcp;

/// <summary>A program that knows plain sockets alone: reads the frames of one connection after the other, and keeps their ages.</summary>
internal sealed class FrameReceiver : IDisposable
{
    private const int BufferBytes = 256 * 1024;
    private const long LongestNs = 60_000_000_000;
    private const int Digits = 3;
    private const double NsPerMs = 1e6;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Lock _gate = new();
    private LongHistogram _ages = new(LongestNs, Digits);
    private int _left;
    private TaskCompletionSource<ConsumerResult>? _taken;

    public FrameReceiver()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        new Thread(AcceptAll) { IsBackground = true, Name = "frame receiver" }.Start();
    }

    public int Port { get; }

    /// <summary>The next so many frames; completes when they are read.</summary>
    public Task<ConsumerResult> TakeAsync(int frames)
    {
        lock (_gate)
        {
            (_left, _ages) = (frames, new LongHistogram(LongestNs, Digits));
            _taken = new TaskCompletionSource<ConsumerResult>(TaskCreationOptions.RunContinuationsAsynchronously);
            return _taken.Task;
        }
    }

    public void Dispose() => _listener.Dispose();

    private void AcceptAll()
    {
        try
        {
            while (true)
            {
                using var connection = _listener.Accept();
                Read(connection);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The benchmark is over.
        }
    }

    private void Read(Socket connection)
    {
        var (buffer, filled) = (new byte[BufferBytes], 0);
        while (connection.Receive(buffer.AsSpan(filled)) is > 0 and var count)
        {
            filled += count;
            var begin = 0;
            while (filled - begin >= FrameSender.LengthBytes)
            {
                var size = FrameSender.LengthBytes + BinaryPrimitives.ReadInt32BigEndian(buffer.AsSpan(begin));
                if (filled - begin < size) break;
                Note(BinaryPrimitives.ReadInt64LittleEndian(buffer.AsSpan(begin + FrameSender.LengthBytes)));
                begin += size;
            }

            buffer.AsSpan(begin, filled - begin).CopyTo(buffer);
            filled -= begin;
        }
    }

    private void Note(long due)
    {
        var now = Stopwatch.GetTimestamp();
        lock (_gate)
        {
            _ages.RecordValue(Math.Clamp((now - due) * 1_000_000_000 / Stopwatch.Frequency, 1, LongestNs));
            if (--_left == 0)
                _taken!.SetResult(new ConsumerResult(now, At(50), At(90), At(99), At(99.9), _ages.GetMaxValue() / NsPerMs));
        }

        double At(double percentile) => _ages.GetValueAtPercentile(percentile) / NsPerMs;
    }
}
