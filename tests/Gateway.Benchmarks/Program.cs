using System.CommandLine;
using System.Text.Json;
using Gateway.Benchmarks;
using Gateway.Benchmarks.Codec;
using Gateway.Benchmarks.EndToEnd;
using Gateway.Benchmarks.Idle;
using Gateway.Benchmarks.Inspection;
using Gateway.Benchmarks.Intake;
using Gateway.Benchmarks.Link;
using Gateway.Benchmarks.Names;
using Gateway.Benchmarks.Processing;
using Gateway.Benchmarks.Store;
using Gateway.Benchmarks.Tcp;
using Gateway.Configuration;
using Spectre.Console;

// A file or a pipe has no width; the tables do.
if (Console.IsOutputRedirected) AnsiConsole.Profile.Width = 200;

Benchmark[] benchmarks =
[
    new("codec", "Bytes of messages written and read, beside a plain copy.", CodecBenchmark.RunAsync),
    new("store", "The message store beside raw appends with a flush each, and beside SQLite.", (settings, _) =>
        StoreBenchmark.RunAsync(settings)),
    new("enqueue", "From a call of the client to its durable receipt.", EnqueueBenchmark.RunAsync),
    new("link", "From store to store with the messages coming in, in plain text and with TLS; and how soon the end of a peer is seen.",
        LinkBenchmark.RunAsync),
    new("end-to-end", "From an application to another over two gateways, completed there.", EndToEndBenchmark.RunAsync),
    new("replay", "A backlog when its peer returns.", ReplayBenchmark.RunAsync),
    new("latency", "The age of a message at the consumer, at a tenth, a half and four fifths of the highest rate.",
        LatencyBenchmark.RunAsync),
    new("tcp", "From a program with plain sockets to another, by inlet and outlet.", TcpBenchmark.RunAsync),
    new("processor", "Sixteen handlers of a millisecond at one queue: a processor of the client, and a loop by hand.",
        ProcessorBenchmark.RunAsync),
    new("idle", "Memory and processor of a gateway at rest.", IdleBenchmark.RunAsync),
    new("many-peers", "Fifty peers beside one; and one of them that stands still, is gone or refuses.", ManyPeersBenchmark.RunAsync),
    new("names", "A queue for each message, beside one queue for all.", NamesBenchmark.RunAsync),
    new("inspection", "Whether looking at a million waiting messages is quick, and what it takes from another peer.", (settings, token) =>
        InspectionBenchmark.RunAsync(settings, settings.Share(1_000_000), token)),
];

var rounds = new Option<int>("--rounds")
{ Description = "How often each case is run; the medians are reported.", DefaultValueFactory = _ => 3 };
var json = new Option<FileInfo?>("--json") { Description = "Also writes the figures to this file." };
var quick = new Option<bool>("--quick") { Description = "A tenth of the work: shows that everything runs, not how fast." };
var only = new Option<string>("--only") { Description = "Only the cases with this text in their name.", DefaultValueFactory = _ => "" };
var engine = new Option<string>("--engine")
{ Description = "Under the stores of 'store' and 'end-to-end': LiteDB or PostgreSQL.", DefaultValueFactory = _ => StoreOptions.LiteDb };
engine.AcceptOnlyFromAmong(StoreOptions.LiteDb, StoreOptions.PostgreSql);
var connection = new Option<string>("--connection")
{ Description = "For PostgreSQL, in Npgsql's form; a schema and a table of the benchmarks are made and dropped there." };
var folder = new Option<DirectoryInfo>("--folder")
{
    Description = "On the disk that is to be measured. It is emptied.",
    DefaultValueFactory = _ => new DirectoryInfo(Path.Combine(Path.GetTempPath(), "gateway-benchmark")),
};

var root = new RootCommand("Measures the gateway against the raw limits of this machine, in the same run.");
foreach (var benchmark in benchmarks) root.Add(NewCommand(benchmark.Name, benchmark.Description, [benchmark]));
root.Add(NewCommand("all", "All of these, one after the other.", benchmarks));

var messages = new Option<int>("--messages") { Description = "How many wait.", DefaultValueFactory = _ => 1_000_000 };
var queues = new Option<int>("--queues") { Description = "Over how many queues.", DefaultValueFactory = _ => 1 };
var perGroup = new Option<int>("--group") { Description = "Messages in a commit.", DefaultValueFactory = _ => 100 };
var startup = new Command("startup", "How long a gateway with a backlog takes to start, and its memory.")
    { messages, queues, perGroup, folder };
startup.SetAction((parsed, cancellationToken) =>
    StartupBenchmark.RunAsync(parsed.GetRequiredValue(folder), parsed.GetValue(messages), parsed.GetValue(queues),
        parsed.GetValue(perGroup), cancellationToken));
root.Add(startup);

var backlogs = new Option<int[]>("--messages")
{
    Description = "How many wait; several are compared.",
    DefaultValueFactory = _ =>
    [10_000, 1_000_000],
    AllowMultipleArgumentsPerToken = true
};
var backlog = new Command("backlog", "Whether the store is as fast with a long backlog as with a short one.") { backlogs, rounds, folder };
backlog.SetAction(
    parsed => BacklogBenchmark.Run(parsed.GetRequiredValue(folder), parsed.GetValue(rounds), parsed.GetRequiredValue(backlogs)));
root.Add(backlog);

var address = new Argument<string>("address") { Description = "Of the gateway." };
var queue = new Argument<string>("queue");
var consumer = new Command(ConsumerProcess.Verb, "The consuming application of the other benchmarks.") { address, queue };
consumer.Hidden = true;
consumer.SetAction((parsed, cancellationToken) =>
    Consumer.RunAsync(parsed.GetRequiredValue(address), parsed.GetRequiredValue(queue), Console.In, Console.Out, cancellationToken));
root.Add(consumer);

var namesConsumer = new Command(NamesConsumer.Verb, "The consuming application of the names benchmark.") { address };
namesConsumer.Hidden = true;
namesConsumer.SetAction(
    (parsed, cancellationToken) => NamesConsumer.RunAsync(parsed.GetRequiredValue(address), Console.In, Console.Out, cancellationToken));
root.Add(namesConsumer);

return await root.Parse(args).InvokeAsync();

Command NewCommand(string name, string description, IReadOnlyList<Benchmark> ofThem)
{
    var command = new Command(name, description) { rounds, json, quick, only, folder, engine, connection };
    command.Validators.Add(result =>
    {
        if ((result.GetValue(engine) == StoreOptions.PostgreSql) != (result.GetValue(connection) is { Length: > 0 }))
            result.AddError("--engine PostgreSQL and --connection go together.");
    });
    command.SetAction(async (parsed, cancellationToken) =>
    {
        var settings = new BenchmarkSettings(
            parsed.GetRequiredValue(folder), parsed.GetValue(rounds), parsed.GetValue(quick), parsed.GetRequiredValue(only))
        { Connection = parsed.GetValue(connection) ?? "" };
        using var claim = settings.ClaimFolder();
        if (claim is null)
        {
            await Console.Error.WriteLineAsync(
                $"Another benchmark works in {settings.Folder}, which each empties. Wait for its end, or give this one another --folder.");
            return 1;
        }

        var figures = new Dictionary<string, object>();
        foreach (var benchmark in ofThem)
        {
            if (await benchmark.TryRunAsync(settings, Console.Error, cancellationToken) is { } measured) figures[benchmark.Name] = measured;
        }

        if (parsed.GetValue(json) is { } file) await File.WriteAllTextAsync(
            file.FullName, JsonSerializer.Serialize(figures, new JsonSerializerOptions { WriteIndented = true }), cancellationToken);
        return figures.Count == ofThem.Count ? 0 : 1;
    });
    return command;
}
