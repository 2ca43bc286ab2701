using System.Collections.Immutable;
using Gateway.Cli.Demo.Processes;

namespace Gateway.Cli.Demo;

/// <summary>The events of a demo, one line each, with the time. Thread-safe.</summary>
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
