namespace Gateway.Logging;

/// <summary>The lines that all logs of this process have dropped.</summary>
internal sealed class DroppedLines(IEnumerable<ILineLog> logs)
{
    private readonly ILineLog[] _logs = [.. logs];

    public long Count => _logs.Sum(log => log.Dropped);
}
