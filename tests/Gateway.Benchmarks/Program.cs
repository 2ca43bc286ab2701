using System.CommandLine;
using Gateway.Benchmarks.Store;

var rounds = new Option<int>("--rounds") { Description = "How often each case is run; the medians are reported.", DefaultValueFactory = _ => 5 };
var json = new Option<FileInfo?>("--json") { Description = "Also writes the results to this file." };
var quick = new Option<bool>("--quick") { Description = "A tenth of the messages: shows that everything runs, not how fast." };
var folder = new Option<DirectoryInfo>("--folder")
{
    Description = "On the disk that is to be measured.",
    DefaultValueFactory = _ => new DirectoryInfo(Path.Combine(Path.GetTempPath(), "gateway-benchmark")),
};

var store = new Command("store", "The message store beside raw appends with a flush each, and beside SQLite.") { rounds, json, quick, folder };
store.SetAction(parsed => StoreBenchmark.Run(
    parsed.GetRequiredValue(folder), parsed.GetValue(rounds), parsed.GetValue(quick), parsed.GetValue(json)));

var messages = new Option<int>("--messages") { Description = "How many wait.", DefaultValueFactory = _ => 1_000_000 };
var queues = new Option<int>("--queues") { Description = "Over how many queues.", DefaultValueFactory = _ => 1 };
var startup = new Command("startup", "How long a store with a backlog takes to open, and its memory.") { messages, queues, folder };
startup.SetAction(parsed => StartupBenchmark.Run(parsed.GetRequiredValue(folder), parsed.GetValue(messages), parsed.GetValue(queues)));

return new RootCommand("Measures the gateway against the raw limits of this machine, in the same run.") { store, startup }.Parse(args).Invoke();
