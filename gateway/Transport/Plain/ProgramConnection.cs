using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Gateway.Links.Protocol;
using Gateway.Tcp;
using Gateway.Tcp.Inlets;
using Gateway.Transport.Accepting;
using Gateway.Transport.Tls;

namespace Gateway.Transport.Plain;

/// <summary>
/// One connection that a program has made to an inlet: reads frames, writes what the loop gives it, and watches what the program's host
/// acknowledges. The loop calls it, and hears of it through its queue.
/// </summary>
internal sealed class ProgramConnection(
    InletSettings settings, Socket socket, IPEndPoint? remote, IVisitors visitors, ILoopInput queue, MemoryBudget memory, TimeProvider time)
    : IProgramConnection
{
    private static readonly TimeSpan _tlsMax = TimeSpan.FromSeconds(10);

    /// <summary>The time in which the rest of what was written leaves after the end, and the program closes too.</summary>
    private static readonly TimeSpan _lingerMax = TimeSpan.FromSeconds(5);

    /// <summary>How often a connection on which nothing more is read is asked whether it still stands.</summary>
    private static readonly TimeSpan _lookEvery = TimeSpan.FromSeconds(1);

    private const int DiscardedAtOnceBytes = 16 * 1024;
    private const long DiscardedBytesMax = 4 * 1024 * 1024;

    private readonly CancellationTokenSource _cancel = new(Timeout.InfiniteTimeSpan, time);
    private readonly CancellationTokenSource _stopReading = new();
    private readonly WatchedOutput _output = new(time);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ProgramReader? _reader;
    private Stream? _stream;

    /// <summary>Owned by the loop.</summary>
    private IProgram? _program;
    private bool _isHungUp;
    private volatile bool _isReset;

    /// <summary>Completes soon after the connection is lost or hung up.</summary>
    public Task Ended => _ended.Task;

    public long Arrived => _reader?.Arrived ?? 0;

    /// <summary>Serves the connection until it has ended.</summary>
    /// <param name="certificates">Null for plain text.</param>
    /// <returns>False if it could not agree on TLS.</returns>
    public async Task<bool> RunAsync(CertificateWatch? certificates)
    {
        try
        {
            // First of all: what the system refuses to tell or to set makes the runtime believe that the socket is not connected.
            if (Open() is not { } plain) return false;
            _output.Begin(socket, Post, (written, acknowledged) => _program!.OnProgress(written, acknowledged));
            socket.NoDelay = true;
            KeepAlive.Begin(socket);
            _stream = await SecureAsync(plain, certificates);
            if (_stream is null) return false;
            await ServeAsync(_stream);
            return true;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It was gone before anything could be set.
            return true;
        }
        finally
        {
            if (_isReset) Reset();
            if (_stream is not null) await _stream.DisposeAsync();
            socket.Dispose();
            _ended.TrySetResult();
        }
    }

    public void Take(int frames, long bytes) => _reader!.Take(frames, bytes);

    public void Hold() => _reader!.Hold();

    public void LetGo() => _reader!.LetGo();

    public void StopReading() => _stopReading.Cancel();

    public void Write(ReadOnlyMemory<byte> bytes) => _output.Write(bytes);

    public void Finish() => _output.Finish();

    public void HangUp(bool isReset)
    {
        _isHungUp = true;
        _isReset = isReset;
        if (isReset)
        {
            _cancel.Cancel();
            return;
        }

        _output.Close();
        _cancel.CancelAfter(_lingerMax);
    }

    /// <summary>Ends the connection, at once if it was not hung up. Called when the loop has ended.</summary>
    public void Abandon()
    {
        if (!_isHungUp) HangUp(isReset: true);
    }

    /// <summary>Null if it is gone already.</summary>
    private NetworkStream? Open()
    {
        try
        {
            return new NetworkStream(socket, ownsSocket: false);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private async Task<Stream?> SecureAsync(NetworkStream plain, CertificateWatch? certificates)
    {
        if (certificates is null) return plain;
        var counted = new CountedStream(plain);
        _output.Secure(counted);
        var secured = new SslStream(counted);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_cancel.Token);
        using var timer = time.CreateTimer(_ => limit.Cancel(), null, _tlsMax, Timeout.InfiniteTimeSpan);
        try
        {
            await secured.AuthenticateAsServerAsync(certificates.Current.ToServerOptions(), limit.Token);
            return secured;
        }
        catch (Exception e) when (e is AuthenticationException or IOException or OperationCanceledException)
        {
            await secured.DisposeAsync();
            return null;
        }
    }

    private async Task ServeAsync(Stream stream)
    {
        _reader = new ProgramReader(stream, socket, settings.Format, memory, time);
        Post(() => _program = visitors.OnAccepted(this, remote?.Address.ToString() ?? "", HostPort.Of(remote)));
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_cancel.Token);
        var reading = ReadAsync(_reader, over.Token);
        IByteOutput bytes = stream is SslStream secured ? new TlsOutput(secured, socket) : new SocketOutput(socket);
        Task<TargetBreak>[] parts =
        [
            _output.RunAsync(bytes, over.Token),
            _output.WatchAsync(over.Token),
            LookAsync(reading, over.Token),
        ];
        var first = await await Task.WhenAny(parts);
        if (first.Kind == TargetBreakKind.Closed && !_cancel.IsCancellationRequested) await DiscardAsync(over.Token);
        await over.CancelAsync();
        await Task.WhenAll([reading, .. parts]);
        _output.Read();
        var evidence = first.Error is { } error ? $"the connection broke: {error.GetBaseException().Message}" : first.Text;
        var cause = first.Kind == TargetBreakKind.Silent ? LinkCause.HalfOpen : LinkCause.ResetByPeer;
        Post(() => _program!.OnLost(cause, evidence));
    }

    /// <summary>True if the connection is broken.</summary>
    private async Task<bool> ReadAsync(ProgramReader reader, CancellationToken over)
    {
        var end = await reader.RunAsync(frames => Post(() => _program!.OnFrames(frames)), _stopReading.Token, over);
        Post(() => _program!.OnInputEnded(end));
        return end.Kind == InputEndKind.Broken;
    }

    /// <summary>Finds out that the connection is broken, also when nothing is read any more.</summary>
    private async Task<TargetBreak> LookAsync(Task<bool> reading, CancellationToken over)
    {
        try
        {
            if (await reading) return new TargetBreak(TargetBreakKind.Broken, Text: "the connection broke");
            while (true)
            {
                await Task.Delay(_lookEvery, time, over);
                if (await IsClosedAsync(over))
                    return new TargetBreak(TargetBreakKind.Broken, Text: "the program closed the connection");
            }
        }
        catch (OperationCanceledException)
        {
            return new TargetBreak(TargetBreakKind.Closed);
        }
    }

    private async ValueTask<bool> IsClosedAsync(CancellationToken over)
    {
        if (TcpFigures.Read(socket) is { } figures) return figures.IsClosed;
        try
        {
            // Sends nothing, and fails on a connection that was reset.
            await socket.SendAsync(ReadOnlyMemory<byte>.Empty, SocketFlags.None, over);
            return false;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The direction that this side has ended says nothing of the connection.
            return e is not SocketException { SocketErrorCode: SocketError.Shutdown };
        }
    }

    private void Post(Action report) => queue.Post(() =>
    {
        if (!_isHungUp) report();
    });

    /// <summary>
    /// Reads on until the program closes too: a connection that is closed with unread bytes is reset, and what was written may be lost.
    /// </summary>
    private async Task DiscardAsync(CancellationToken over)
    {
        var bytes = new byte[DiscardedAtOnceBytes];
        try
        {
            for (var left = DiscardedBytesMax; left > 0;)
            {
                var count = await socket.ReceiveAsync(bytes, SocketFlags.None, over);
                if (count == 0) return;
                left -= count;
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // It is lost, or the time is over.
        }
    }

    private void Reset()
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is lost already.
        }
    }
}
