using System.Diagnostics;

namespace Gateway.Benchmarks;

/// <summary>
/// The processor time that processes take. Beside other work it changes far less than a rate does, so it is the better guide on a machine
/// that is not quiet.
/// </summary>
internal static class ProcessorTime
{
    private const double UsPerSecond = 1e6;

    /// <summary>Since the processes started, all together.</summary>
    public static double SecondsOf(IReadOnlyList<int> processIds) => processIds.Sum(id =>
    {
        using var process = Process.GetProcessById(id);
        return process.TotalProcessorTime.TotalSeconds;
    });

    /// <summary>Runs something with so many messages, and adds what each message took.</summary>
    public static async Task AddAsync(Scoreboard board, string name, IReadOnlyList<int> processIds, int messages, Func<Task> run)
    {
        var before = SecondsOf(processIds);
        await run();
        board.Add($"{name}: processors", "µs/message", (SecondsOf(processIds) - before) * UsPerSecond / messages);
    }
}
