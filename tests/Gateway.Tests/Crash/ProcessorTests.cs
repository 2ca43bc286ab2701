using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Gateway.Client;
using Gateway.Client.Processing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>Processors at a real gateway: kills on either side, leases, delays and order.</summary>
[Collection(ProcessCollection.Name)]
public sealed class ProcessorTests(ITestOutputHelper output) : ProcessTest
{
    private const string Queue = "jobs";
    private const int Count = 3_000;
    private const int Keys = 20;
    private const int Rounds = 8;

    private static readonly Dictionary<string, string> _manyDeliveries = new() { ["Gateway:Inbox:DeliveriesMax"] = "1000000" };
    private static readonly Dictionary<string, string> _shortLeases = new() { ["Gateway:Inbox:Lease"] = "00:00:01" };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_process_with_a_processor_killed_again_and_again_handles_each_message_and_loses_none(int seed)
    {
        var chance = new Random(seed);
        var gateway = NewGateways(_manyDeliveries, "local")[0];
        await gateway.StartReadyAsync(Token);
        var client = NewClient(gateway);
        await EnqueueAsync(client, Count, Keys);
        var handled = new ConcurrentDictionary<int, int>();
        var total = 0;

        for (var round = 1; round <= Rounds; round++)
        {
            await using var process = StartProcess(gateway, Note);
            var wanted = Volatile.Read(ref total) + chance.Next(1, Count / Rounds);
            await UntilAsync($"{wanted} messages were handled", () => Volatile.Read(ref total) >= wanted);
            if (chance.Next(3) == 0)
            {
                await gateway.KillAsync();
                await gateway.StartReadyAsync(Token);
                await UntilAsync("it goes on after the gateway's end", () => Volatile.Read(ref total) > wanted);
            }
        }

        output.WriteLine($"seed {seed}: {total} handled before the last round, {handled.Count} of them different");
        await using var last = StartProcess(gateway, Note);
        await UntilAsync("nothing is left", async () => (await client.GetQueueAsync(Queue, Token)).Messages == 0);
        last.CloseInput();
        (await InTimeAsync("the processor stops", last.Ended)).ShouldBe(0);

        Enumerable.Range(0, Count).Where(number => !handled.ContainsKey(number)).ShouldBeEmpty();
        output.WriteLine($"seed {seed}: {total} handled, of {Count} messages");
        (await OperatorView.StateAsync(client, Token)).DeadLetters.ShouldBe(0);
        (await gateway.StopAsync()).ShouldBe(0);
        CheckStore(gateway);

        void Note(string line)
        {
            handled.AddOrUpdate(int.Parse(line, CultureInfo.InvariantCulture), 1, (_, times) => times + 1);
            Interlocked.Increment(ref total);
        }
    }

    [Fact]
    public async Task A_handler_longer_than_its_lease_has_its_message_once()
    {
        var gateway = NewGateways(_shortLeases, "local")[0];
        await gateway.StartReadyAsync(Token);
        var client = NewClient(gateway);
        await EnqueueAsync(client, 4, keys: 1);
        var delivered = new ConcurrentQueue<string>();
        var processor = Track(client.CreateProcessor(Queue));
        processor.ProcessMessageAsync += async args =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1.5), args.CancellationToken);
            delivered.Enqueue($"{Encoding.UTF8.GetString(args.Message.Body.Span)} {args.Message.Deliveries}");
        };
        await processor.StartProcessingAsync(Token);

        await UntilAsync("all are handled", async () => (await client.GetQueueAsync(Queue, Token)).Messages == 0);

        delivered.ShouldBe(["0 1", "1 1", "2 1", "3 1"]);
    }

    [Fact]
    public async Task A_delay_before_a_retry_survives_a_kill_of_the_gateway()
    {
        var gateway = NewGateways("local")[0];
        await gateway.StartReadyAsync(Token);
        var client = NewClient(gateway);
        await EnqueueAsync(client, 1, keys: 1);
        var deliveries = new ConcurrentQueue<(int Deliveries, long At)>();
        var retried = NewSignal();
        // The delay is a random value of at least half of this.
        var delay = TimeSpan.FromSeconds(6);
        var processor = Track(client.CreateProcessor(Queue, new GatewayProcessorOptions { RetryDelay = delay }));
        processor.ProcessMessageAsync += args =>
        {
            deliveries.Enqueue((args.Message.Deliveries, Stopwatch.GetTimestamp()));
            return args.Message.Deliveries == 1 ? throw new InvalidOperationException("at first") : Task.CompletedTask;
        };
        processor.ProcessErrorAsync += _ =>
        {
            retried.TrySetResult();
            return Task.CompletedTask;
        };
        await processor.StartProcessingAsync(Token);
        await InTimeAsync("the first delivery fails", retried.Task);

        await gateway.KillAsync();
        await gateway.StartReadyAsync(Token);
        await UntilAsync("it is handled", async () => (await client.GetQueueAsync(Queue, Token)).Messages == 0);

        deliveries.Select(delivery => delivery.Deliveries).ShouldBe([1, 2]);
        Stopwatch.GetElapsedTime(deliveries.First().At, deliveries.Last().At).ShouldBeGreaterThan(delay / 2);
    }

    [Fact]
    public async Task A_handler_whose_message_is_lost_with_its_gateway_is_told_to_end_and_has_the_message_again()
    {
        var gateway = NewGateways("local")[0];
        await gateway.StartReadyAsync(Token);
        var client = NewClient(gateway);
        await EnqueueAsync(client, 1, keys: 1);
        var (begun, told) = (NewSignal(), NewSignal());
        var processor = Track(client.CreateProcessor(Queue));
        processor.ProcessMessageAsync += args =>
        {
            args.CancellationToken.Register(() => told.TrySetResult());
            return begun.TrySetResult() ? Task.Delay(Timeout.Infinite, args.CancellationToken) : Task.CompletedTask;
        };
        await processor.StartProcessingAsync(Token);
        await InTimeAsync("the handler begins", begun.Task);

        await gateway.KillAsync();
        await InTimeAsync("the handler is told to end", told.Task);
        await gateway.StartReadyAsync(Token);

        await UntilAsync("the message is handled", async () => (await client.GetQueueAsync(Queue, Token)).Messages == 0);
    }

    [Fact]
    public async Task Messages_of_a_key_stay_in_order_behind_one_that_fails_while_others_are_handled()
    {
        var gateway = NewGateways("local")[0];
        await gateway.StartReadyAsync(Token);
        var client = NewClient(gateway);
        await EnqueueAsync(client, 600, Keys);
        var handled = new ConcurrentQueue<int>();
        var processor = Track(client.CreateProcessor(
            Queue, new GatewayProcessorOptions { ConcurrencyMax = 16, WaitingMax = 20, RetryDelay = TimeSpan.FromSeconds(1) }));
        processor.ProcessMessageAsync += args =>
        {
            var number = int.Parse(Encoding.UTF8.GetString(args.Message.Body.Span), CultureInfo.InvariantCulture);
            if (number % 50 == 3 && args.Message.Deliveries == 1)
                throw new InvalidOperationException("at first");
            handled.Enqueue(number);
            return Task.CompletedTask;
        };
        await processor.StartProcessingAsync(Token);

        await UntilAsync("all are handled", async () => (await client.GetQueueAsync(Queue, Token)).Messages == 0);

        handled.Count.ShouldBe(600);
        foreach (var key in handled.GroupBy(number => number % Keys))
            key.ShouldBeInOrder();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static async Task EnqueueAsync(GatewayClient client, int count, int keys)
    {
        foreach (var numbers in Enumerable.Range(0, count).Chunk(500))
        {
            await client.EnqueueAsync($"{Queue}@local", [.. numbers.Select(number => new OutgoingMessage
            {
                Body = Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture)),
                Key = $"key {number % keys}",
            })], Token);
        }
    }

    private TestProcess StartProcess(TestGateway gateway, Action<string> note) => TestProcess.Start(
        ProcessorKillProcess.Start(gateway.Address, Queue), Path.Combine(Folder, "processor.log"), note);
}
