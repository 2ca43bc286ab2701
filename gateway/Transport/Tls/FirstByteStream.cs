using System.IO.Pipelines;

namespace Gateway.Transport.Tls;

/// <summary>Passes all bytes on and remembers the first one received, which shows whether the other side speaks TLS at all.</summary>
internal sealed class FirstByteStream(Stream inner) : ForwardStream
{
    /// <summary>The record type of a TLS handshake; the next is that of an alert.</summary>
    public const byte Handshake = 0x16;
    public const byte Alert = 0x15;

    /// <summary>Null until a byte arrives.</summary>
    public byte? First { get; private set; }

    /// <summary>The bytes that arrived, and are still in the pipe, are those of TLS.</summary>
    public static bool IsTls(PipeReader arrived) =>
        arrived.TryRead(out var read) && !read.Buffer.IsEmpty && read.Buffer.FirstSpan[0] is Handshake or Alert;

    public override bool CanRead => true;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await inner.ReadAsync(buffer, cancellationToken);
        if (First is null && count > 0) First = buffer.Span[0];
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = inner.Read(buffer, offset, count);
        if (First is null && read > 0) First = buffer[offset];
        return read;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.WriteAsync(buffer, cancellationToken);

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => inner.Flush();

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
