namespace Gateway.Http.Views;

/// <summary>A message that a scan found.</summary>
internal sealed record ScanMessage(EntryView Message, string Type = ScanMessage.Name)
{
    public const string Name = "message";
}

/// <summary>A group of messages skipped by a scan because it could not be read.</summary>
internal sealed record ScanDamage(long Group, string Type = "damaged");

/// <summary>The progress of a scan.</summary>
/// <param name="Tail">The last number in the queue when the scan began.</param>
internal sealed record ScanProgress(long ScannedUpTo, long? Tail, long Found, string Type = ScanProgress.Name)
{
    public const string Name = "progress";
}

/// <summary>The last line of a scan; without it the scan was cut off.</summary>
internal sealed record ScanEnd(long ScannedUpTo, long Found, string Type = ScanEnd.Name)
{
    public const string Name = "end";
}
