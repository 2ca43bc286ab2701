using System.CommandLine;
using Gateway.Benchmarks.Inspection;
using Gateway.Benchmarks.Link;
using Gateway.Benchmarks.Store;

var rounds = new Option<int>("--rounds") { Description = "How often each case is run; the medians are reported.", DefaultValueFactory = _ => 5 };
var json = new Option<FileInfo?>("--json") { Description = "Also writes the results to this file." };
var quick = new Option<bool>("--quick") { Description = "A tenth of the messages: shows that everything runs, not how fast." };
var folder = new Option<DirectoryInfo>("--folder")
{
    Description = "On the disk that is to be measured.",
    DefaultValueFactory = _ => new DirectoryInfo(Path.Combine(Path.GetTempPath(), "gateway-benchmark")),
};

var body = new Option<int?>("--body") { Description = "Only the cases with bodies of so many bytes." };
var group = new Option<int?>("--group") { Description = "Only the cases with so many messages in a commit." };
var inQueues = new Option<int?>("--queues") { Description = "Only the cases with so many queues." };
var store = new Command("store", "The message store beside raw appends with a flush each, and beside SQLite.") { rounds, json, quick, folder, body, group, inQueues };
store.SetAction(parsed => StoreBenchmark.Run(
    parsed.GetRequiredValue(folder),
    StoreCase.All.Where(of => of.Matches(parsed.GetValue(body), parsed.GetValue(group), parsed.GetValue(inQueues))).ToList(),
    parsed.GetValue(rounds),
    parsed.GetValue(quick),
    parsed.GetValue(json)));

var messages = new Option<int>("--messages") { Description = "How many wait.", DefaultValueFactory = _ => 1_000_000 };
var queues = new Option<int>("--queues") { Description = "Over how many queues.", DefaultValueFactory = _ => 1 };
var perGroup = new Option<int>("--group") { Description = "Messages in a commit.", DefaultValueFactory = _ => 100 };
var startup = new Command("startup", "How long a gateway with a backlog takes to start, and its memory.") { messages, queues, perGroup, folder };
startup.SetAction((parsed, cancellationToken) =>
    StartupBenchmark.RunAsync(parsed.GetRequiredValue(folder), parsed.GetValue(messages), parsed.GetValue(queues), parsed.GetValue(perGroup), cancellationToken));

var backlogs = new Option<int[]>("--messages") { Description = "How many wait; several are compared.", DefaultValueFactory = _ => [10_000, 1_000_000], AllowMultipleArgumentsPerToken = true };
var backlog = new Command("backlog", "Whether the store is as fast with a long backlog as with a short one.") { backlogs, rounds, folder };
backlog.SetAction(parsed => BacklogBenchmark.Run(parsed.GetRequiredValue(folder), parsed.GetValue(rounds), parsed.GetRequiredValue(backlogs)));

var link = new Command("link", "What a link carries between two gateways, and how fast it comes back: in plain text and with TLS.") { rounds, quick, folder };
link.SetAction((parsed, cancellationToken) => LinkBenchmark.RunAsync(parsed.GetRequiredValue(folder), parsed.GetValue(rounds), parsed.GetValue(quick), cancellationToken));

var peers = new Option<int>("--peers") { Description = "How many peers, each a process.", DefaultValueFactory = _ => 50 };
var each = new Option<int>("--messages") { Description = "How many each gets in a measurement; a multiple of 100.", DefaultValueFactory = _ => 2_000 };
var bytes = new Option<int>("--body") { Description = "Bytes of each.", DefaultValueFactory = _ => 1024 };
var manyPeers = new Command("many-peers", "Whether one peer that stands still, is gone or refuses slows the others down.") { peers, each, bytes, rounds, json, folder };
manyPeers.SetAction((parsed, cancellationToken) => ManyPeersBenchmark.RunAsync(
    parsed.GetRequiredValue(folder),
    parsed.GetValue(peers),
    parsed.GetValue(each),
    parsed.GetValue(bytes),
    parsed.GetValue(rounds),
    parsed.GetValue(json),
    cancellationToken));

var inspection = new Command("inspection", "Whether looking at a long backlog is quick, and what it takes from the peer that is delivered to meanwhile.") { messages, rounds, folder };
inspection.SetAction((parsed, cancellationToken) => InspectionBenchmark.RunAsync(parsed.GetRequiredValue(folder), parsed.GetValue(messages), parsed.GetValue(rounds), cancellationToken));

return new RootCommand("Measures the gateway against the raw limits of this machine, in the same run.") { store, startup, backlog, link, manyPeers, inspection }.Parse(args).Invoke();
