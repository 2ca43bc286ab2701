namespace Gateway.Client.Testing.Memory;

/// <summary>A message that a connection holds.</summary>
internal sealed class MemoryLease(MemoryConnection connection, StoredMessage stored)
{
    public MemoryConnection Connection { get; } = connection;

    public StoredMessage Stored { get; } = stored;

    public TimeSpan Length { get; private set; }

    public TimeSpan EndsAt { get; private set; }

    /// <summary>It lasts for the given time from now.</summary>
    public void Renew(TimeSpan length, TimeSpan now) => (Length, EndsAt) = (length, now + length);
}
