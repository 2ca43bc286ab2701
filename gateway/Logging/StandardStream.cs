namespace Gateway.Logging;

/// <summary>Standard output as a stream that reports the loss of output. One caller at a time.</summary>
internal sealed class StandardStream(Descriptor descriptor) : ForwardStream
{
    /// <summary>The longest delay before a cancellation is noticed while nobody reads.</summary>
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Completes when the output has left this process: read from the pipe (where the system can tell, which is Linux), or on disk in a
    /// file.
    /// </summary>
    /// <exception cref="OutputLostException">The output is lost.</exception>
    public async Task SettleAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        var pause = TimeSpan.FromMilliseconds(1);
        // An active reader is quicker than a timer.
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

    /// <exception cref="OutputLostException">Nobody reads the output any more.</exception>
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
                // The write itself cannot be cancelled, so its bytes must stay unchanged.
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

    /// <summary>Nothing is buffered here.</summary>
    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
