namespace Gateway.Logging;

/// <summary>
/// Standard error for messages. A reader that stops reading must not block the process, so text that is not accepted within a moment is
/// dropped. Thread-safe.
/// </summary>
internal sealed class PatientStream(Descriptor descriptor) : ForwardStream
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    /// <summary>After a time-out, a reader is not waited for again until it reads.</summary>
    private volatile bool _isStuck;

    /// <summary>Creates a writer for lines on standard error.</summary>
    public static TextWriter OpenError() =>
        TextWriter.Synchronized(new StreamWriter(new PatientStream(Descriptor.Error)) { AutoFlush = true });

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            while (!buffer.IsEmpty && descriptor.WaitToWrite(_isStuck ? TimeSpan.Zero : _patience))
                buffer = buffer[descriptor.Write(buffer)..];
            _isStuck = !buffer.IsEmpty;
        }
        catch (OutputLostException)
        {
            // There is nowhere to report this.
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }
}
