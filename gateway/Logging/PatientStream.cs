namespace Gateway.Logging;

/// <summary>
/// The standard error for sentences: nobody who fails to read them may hold up the process, so what is not taken within a moment is left
/// out. Any thread.
/// </summary>
internal sealed class PatientStream(Descriptor descriptor) : ForwardStream
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    /// <summary>A reader that was waited for in vain is not waited for again, until it reads.</summary>
    private volatile bool _isStuck;

    /// <summary>A writer of lines on the standard error.</summary>
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
            // There is nobody to tell, and nowhere to say it.
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }
}
