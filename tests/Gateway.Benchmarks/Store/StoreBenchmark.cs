using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace Gateway.Benchmarks.Store;

/// <summary>
/// Runs each contender on each case, in turn within a round, and reports medians and their ratios to the raw limit of the same run.
/// </summary>
internal static class StoreBenchmark
{
    /// <summary>In the steady state a message is removed so many groups after it was inserted.</summary>
    private const int SteadyGroups = 10;

    private static readonly Func<DirectoryInfo, StoreCase, Task<IStoreContender>>[] _all =
    [
        (folder, of) => Task.FromResult<IStoreContender>(new RawContender(folder, of)),
        GatewayContender.OpenAsync,
        (folder, of) => Task.FromResult<IStoreContender>(new SqliteContender(folder, of)),
    ];

    /// <summary>Where one message is all that is committed, the way to the store's thread and back counts.</summary>
    private static readonly Func<DirectoryInfo, StoreCase, Task<IStoreContender>>[] _alone = [.. _all, GatewayContender.OpenThreadedAsync];

    public static async Task<object> RunAsync(BenchmarkSettings settings)
    {
        var cases = StoreCase.All.Where(of => settings.Includes(of.ToString())).ToList();
        var results = new List<StoreResult>();
        await AnsiConsole.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new RemainingTimeColumn())
            .StartAsync(async progress =>
        {
            var task = progress.AddTask("store", maxValue: settings.Rounds * cases.Sum(of => ContendersOf(settings, of).Length));
            foreach (var of in cases)
            {
                var contenders = ContendersOf(settings, of);
                var ofCase = contenders.Select(_ => new StoreResult(of)).ToList();
                for (var round = 0; round < settings.Rounds; round++)
                {
                    for (var i = 0; i < contenders.Length; i++)
                    {
                        await RunOnceAsync(settings, contenders[i], ofCase[i]);
                        task.Increment(1);
                    }
                }

                results.AddRange(ofCase);
            }
        });

        AnsiConsole.Write(Table(results));
        return results.Select(result => result.Figures()).ToList();
    }

    private static Func<DirectoryInfo, StoreCase, Task<IStoreContender>>[] ContendersOf(BenchmarkSettings settings, StoreCase of) =>
        settings.IsPostgres ? OfDatabase(settings) : of.GroupMessages == 1 ? _alone : _all;

    private static Func<DirectoryInfo, StoreCase, Task<IStoreContender>>[] OfDatabase(BenchmarkSettings settings) =>
    [
        (_, of) => Task.FromResult<IStoreContender>(new PostgresRowsContender(settings.Connection, of)),
        (_, of) => Task.FromResult(GatewayContender.OpenPostgres(settings, of)),
    ];

    private static async Task RunOnceAsync(
        BenchmarkSettings settings, Func<DirectoryInfo, StoreCase, Task<IStoreContender>> make, StoreResult result)
    {
        var groups = result.Case.Groups(settings.IsQuick);
        using var contender = await make(settings.FreshFolder(), result.Case);
        result.Contender = contender.Name;

        var writtenBefore = contender.WrittenBytes;
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var commits = Time(groups, contender.Insert);
        result.Allocated.Add((GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)(groups * result.Case.GroupMessages));
        result.AddInsert(commits);
        if (contender.WrittenBytes - writtenBefore is { } written)
            result.Written.Add(written / (double)((long)groups * result.Case.GroupMessages * result.Case.BodyBytes));

        var started = Stopwatch.GetTimestamp();
        var read = contender.ReadAll();
        result.Read.Add(read / Stopwatch.GetElapsedTime(started).TotalSeconds);

        if (contender.HasLazyRemovals) return;
        result.AddRemove(Time(groups, contender.Remove));
        for (var group = 0; group < SteadyGroups; group++) contender.Insert(groups + group);
        result.AddSteady(Time(groups, group => contender.InsertAndRemove(groups + SteadyGroups + group, groups + group)));
    }

    private static double[] Time(int groups, Action<int> commit)
    {
        var seconds = new double[groups];
        for (var group = 0; group < groups; group++)
        {
            var started = Stopwatch.GetTimestamp();
            commit(group);
            seconds[group] = Stopwatch.GetElapsedTime(started).TotalSeconds;
        }

        return seconds;
    }

    private static Table Table(IReadOnlyList<StoreResult> results)
    {
        var table = new Table().Title("Messages a second, medians; in brackets the ratio to the first").Border(TableBorder.Simple);
        table.AddColumns("body", "group", "queues", "store");
        foreach (var column in new[] { "insert", "read", "remove", "steady", "insert p50 µs", "steady p50 µs",
            "p99 ms", "allocated/message", "written/byte" }) table.AddColumn(new TableColumn(column).RightAligned());
        foreach (var ofCase in results.GroupBy(result => result.Case))
        {
            var raw = ofCase.First();
            foreach (var result in ofCase)
            {
                table.AddRow(
                    $"{result.Case.BodyBytes}",
                    $"{result.Case.GroupMessages}",
                    $"{result.Case.Queues}",
                    result.Contender,
                    Rate(result.Insert, raw.Insert),
                    Rate(result.Read, raw.Read),
                    Rate(result.Remove, raw.Remove),
                    Rate(result.Steady, raw.Steady),
                    Number(result.InsertMedian.Median * 1e6, "0"),
                    Number(result.CommitMedian.Median * 1e6, "0"),
                    Number(result.CommitP99.Median * 1e3, "0.0"),
                    Number(result.Allocated.Median, "0"),
                    Number(result.Written.Median, "0.00"));
            }
        }

        return table;
    }

    private static string Rate(Measurement rate, Measurement raw) =>
        double.IsNaN(rate.Median) ? "" : $"{Number(rate.Median, "N0")} ({Number(rate.Median / raw.Median, "0.00")})";

    private static string Number(double value, string format) =>
        double.IsNaN(value) ? "" : value.ToString(format, CultureInfo.InvariantCulture);
}
