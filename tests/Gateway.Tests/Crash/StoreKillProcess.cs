using System.Diagnostics;
using System.Globalization;
using System.Text;
using Gateway.Store;
using Gateway.Store.Blocks;
using Gateway.Store.Disk.Files;
using Gateway.Store.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Crash;

/// <summary>
/// A process that opens the store of a folder, or of a database, and works on it as fast as it can, until it is killed. On its
/// standard output it says that it begins to open, at which group the store stood, and each group once it is durable.
/// </summary>
internal static class StoreKillProcess
{
    public const string Name = "store-kill-process";
    public const string Opening = "opening";
    public const string Opened = "opened";
    public const string Done = "done";

    /// <summary>It ends by itself in case nobody kills it.</summary>
    private const int GroupsMax = 20_000;

    public static int Run(string folder, string seed)
    {
        using var output = Console.OpenStandardOutput();
        var workload = new StoreKillWorkload(int.Parse(seed, CultureInfo.InvariantCulture));
        Say(Opening, 0);
        using var store = Open(folder);
        Say(Opened, StoreKillWorkload.GroupOf(store));
        for (var count = 0; count < GroupsMax; count++)
        {
            store.Execute(workload.Next(store));
            Say(Done, StoreKillWorkload.GroupOf(store));
            store.Maintain();
        }

        return 0;

        // One write a line: it is in the pipe whole or not at all.
        void Say(string what, long group) =>
            output.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{what} {group}\n")));
    }

    /// <param name="place">A folder, or the connection string of a database.</param>
    public static MessageStore Open(string place) => MessageStore.Open(
        place.StartsWith("Host=", StringComparison.Ordinal)
            ? PostgresBlockStore.Open(
                new PostgresSettings(place, "kill", "one"), mayMake: true, TimeProvider.System, NullLoggerFactory.Instance)
            : new LiteBlockStore(new FileDisk(place), NullLoggerFactory.Instance),
        StoreKillWorkload.Settings, Guid.Empty);

    public static Process Start(string folder, int seed)
    {
        var program = Path.Combine(AppContext.BaseDirectory, typeof(StoreKillProcess).Assembly.GetName().Name!);
        var start = new ProcessStartInfo(OperatingSystem.IsWindows() ? program + ".exe" : program,
            [Name, folder, seed.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // It lives for a moment: what the runtime does for a long life is in vain.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_gcConcurrent"] = "0";
        return Process.Start(start)!;
    }
}
