using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Gateway.Benchmarks.EndToEnd;

namespace Gateway.Benchmarks.Tcp;

/// <summary>
/// A program that knows plain sockets alone: one connection, and a call of send for each frame. A frame is a length of four bytes and a
/// body, which begins with the time at which it was due.
/// </summary>
internal sealed class FrameSender : IDisposable
{
    public const int LengthBytes = sizeof(int);

    private const long TickNs = 1_000_000;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public FrameSender(int port) => _socket.Connect(new IPEndPoint(IPAddress.Loopback, port));

    /// <summary>As fast as the other side takes them.</summary>
    public Task AtOnceAsync(int frames, int bodyBytes) => RunAsync(() =>
    {
        var frame = NewFrame(bodyBytes);
        for (var i = 0; i < frames; i++) Send(frame, Stopwatch.GetTimestamp());
    });

    /// <summary>At a steady rate, some every millisecond.</summary>
    public Task AtRateAsync(int frames, int bodyBytes, double perSecond) => RunAsync(() =>
    {
        var frame = NewFrame(bodyBytes);
        var (start, sent) = (Stopwatch.GetTimestamp(), 0);
        for (var tick = 1L; sent < frames; tick++)
        {
            var due = start + (tick * TickNs);
            PreciseClock.SleepUntil(due);
            for (var target = Math.Min(frames, (int)(tick * perSecond * TickNs / 1e9)); sent < target; sent++) Send(frame, due);
        }
    });

    public void Dispose() => _socket.Dispose();

    private static Task RunAsync(Action send) =>
        Task.Factory.StartNew(send, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static byte[] NewFrame(int bodyBytes)
    {
        var frame = new byte[LengthBytes + bodyBytes];
        BinaryPrimitives.WriteInt32BigEndian(frame, bodyBytes);
        return frame;
    }

    private void Send(byte[] frame, long due)
    {
        BinaryPrimitives.WriteInt64LittleEndian(frame.AsSpan(LengthBytes), due);
        for (var sent = 0; sent < frame.Length;) sent += _socket.Send(frame.AsSpan(sent));
    }
}
