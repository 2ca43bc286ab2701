namespace Gateway.Tests.Cli.Api;

/// <summary>Takes what is written, and calls back after so many writes.</summary>
internal sealed class EndingStream(int writes, Action end) : MemoryStream
{
    private int _writes;

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (++_writes == writes) end();
        return base.WriteAsync(buffer, CancellationToken.None);
    }
}
