using System.Collections.Immutable;

namespace Gateway.Cli.Demo;

/// <summary>What happened in a demo, one line each, with the time. Anybody may write and read.</summary>
internal sealed class DemoJournal(DemoClock clock)
{
    private ImmutableList<string> _lines = [];

    public ImmutableList<string> Lines => Volatile.Read(ref _lines);

    public void Note(string happened)
    {
        var line = $"{DemoTime.Format(clock.Elapsed)}  {happened}";
        ImmutableInterlocked.Update(ref _lines, (lines, next) => lines.Add(next), line);
    }
}
