using System.Diagnostics;
using System.Globalization;
using Shouldly;

namespace Gateway.Tests.Crash;

/// <summary>
/// One store that lives through many processes, each killed at a moment of the seed's choice: while it opens, right after its first group
/// was confirmed, or at work. After each, the store holds every confirmed group, and the one that was under way whole or not at all.
/// </summary>
internal sealed class StoreKillSeries(string folder, int seed)
{
    private readonly Random _random = new(seed);
    private readonly StoreKillWorkload _workload = new(seed);
    private long _confirmed;
    private TimeSpan _openingTime = TimeSpan.FromMilliseconds(50);

    public int KillsWhileOpening { get; private set; }

    public int KillsAfterTheFirstGroup { get; private set; }

    public int KillsAtWork { get; private set; }

    public long Groups => _confirmed;

    public void Run(int rounds)
    {
        for (var round = 1; round <= rounds; round++)
        {
            switch (_random.Next(4))
            {
                case 0:
                    KillWhileOpening();
                    KillsWhileOpening++;
                    break;
                case 1:
                    KillAfter(groups: 1, TimeSpan.Zero);
                    KillsAfterTheFirstGroup++;
                    break;
                default:
                    KillAfter(_random.Next(2, 40), _random.NextDouble() * TimeSpan.FromMilliseconds(4));
                    KillsAtWork++;
                    break;
            }

            if (round == rounds || _random.Next(8) == 0) Verify(round);
        }
    }

    private void KillWhileOpening()
    {
        using var process = StoreKillProcess.Start(folder, seed);
        Take(process, StoreKillProcess.Opening);
        Kill(process, _random.NextDouble() * _openingTime);
    }

    private void KillAfter(int groups, TimeSpan delay)
    {
        using var process = StoreKillProcess.Start(folder, seed);
        Take(process, StoreKillProcess.Opening);
        var began = Stopwatch.GetTimestamp();
        Take(process, StoreKillProcess.Opened);
        _openingTime = Stopwatch.GetElapsedTime(began);
        for (var group = 0; group < groups; group++) Take(process, StoreKillProcess.Done);
        Kill(process, delay);
    }

    private void Kill(Process process, TimeSpan delay)
    {
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < delay;) Thread.SpinWait(50);
        process.Kill();
        while (process.StandardOutput.ReadLine() is { } line) Note(line);
        process.WaitForExit();
    }

    private void Take(Process process, string what)
    {
        var line = process.StandardOutput.ReadLine();
        if (line is null) throw new InvalidOperationException(
            $"The process of seed {seed} ended after group {_confirmed}: {process.StandardError.ReadToEnd()}");
        line.ShouldStartWith(what);
        Note(line);
    }

    private void Note(string line)
    {
        var (what, group) = (line.Split(' ')[0], long.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture));
        if (what == StoreKillProcess.Opened) NoteFound(group);
        if (what != StoreKillProcess.Done) return;
        group.ShouldBe(_confirmed + 1, $"groups of seed {seed}");
        _confirmed = group;
    }

    /// <summary>Unconfirmed messages may be there, but only those of the one group that was under way.</summary>
    private void NoteFound(long group)
    {
        group.ShouldBeInRange(_confirmed, _confirmed + 1, $"seed {seed} lost or invented a group");
        _confirmed = group;
    }

    private void Verify(int round)
    {
        using var store = StoreKillProcess.Open(folder);
        NoteFound(StoreKillWorkload.GroupOf(store));
        _workload.Verify(store, _confirmed);
        store.Check().ShouldBeEmpty($"round {round} of seed {seed}");
        if (Directory.Exists(folder)) Directory.EnumerateFiles(folder).Select(Path.GetExtension).ShouldBeSubsetOf([".data", ".log"]);
    }
}
