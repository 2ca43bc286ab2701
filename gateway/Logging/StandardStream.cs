namespace Gateway.Logging;

/// <summary>The standard output as a stream that tells when what was written is lost. One caller at a time.</summary>
internal sealed class StandardStream(Descriptor descriptor) : ForwardStream
{
    /// <summary>How long a cancellation may go unseen while nobody reads.</summary>
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Done when what was written is out of this process's hands: read by whoever is at the other end of a pipe (where the system can tell,
    /// which is Linux), or on the disk of a file.
    /// </summary>
    /// <exception cref="OutputLostException">It is lost.</exception>
    public async Task SettleAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        var pause = TimeSpan.FromMilliseconds(1);
        // A reader that is at it needs no time that is worth a timer.
        for (var looks = 0; !descriptor.IsRead(); looks++)
        {
            if (looks < 20)
            {
                await Task.Yield();
                continue;
            }

            await Task.Delay(pause, time, cancellationToken);
            if (pause < _look) pause *= 2;
        }

        await Task.Run(descriptor.Flush, CancellationToken.None);
    }

    /// <exception cref="OutputLostException">Nobody reads any more.</exception>
    public void ThrowIfReaderIsGone() => descriptor.ThrowIfReaderIsGone();

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            if (descriptor.WaitToWrite(_look)) buffer = buffer[descriptor.Write(buffer)..];
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (OperatingSystem.IsWindows())
            {
                // The write itself cannot be told to end; what it has of the bytes must stay as it is.
                var piece = buffer;
                if (cancellationToken.CanBeCanceled) piece = buffer.ToArray();
                buffer = buffer[await Task.Run(() => descriptor.Write(piece.Span), CancellationToken.None).WaitAsync(cancellationToken)..];
            }
            else if (descriptor.WaitToWrite(TimeSpan.Zero) || await Task.Run(() => descriptor.WaitToWrite(_look), CancellationToken.None))
            {
                buffer = buffer[descriptor.Write(buffer.Span)..];
            }
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Nothing is kept back here.</summary>
    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
