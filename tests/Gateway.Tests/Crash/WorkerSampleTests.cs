using Gateway.Client;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>The sample with a processor, built from its source and run beside a real gateway.</summary>
[Collection(ProcessCollection.Name)]
public sealed class WorkerSampleTests : ProcessTest
{
    [Fact]
    public async Task The_worker_handles_orders_rejects_wrong_ones_and_ends_in_an_orderly_way()
    {
        var start = await DotnetSamples.BuildAsync("worker", Folder);
        var gateway = NewGateways("local")[0];
        await gateway.StartReadyAsync(Token);
        var client = NewClient(gateway);
        await client.EnqueueAsync("orders@local", new { Customer = "Ada", Pieces = 3 }, cancellationToken: Token);
        await client.EnqueueAsync("orders@local", new { Customer = "Bob", Pieces = 0 }, cancellationToken: Token);
        await client.SendAsync("orders@local", "no order at all");

        start.ArgumentList.Add("--Gateway:Address");
        start.ArgumentList.Add(gateway.Address);
        await using var worker = TestProcess.Start(start, Path.Combine(Folder, "worker.log"));
        await UntilAsync("all are handled", async () => (await client.GetQueueAsync("orders", Token)).Messages == 0);

        await UntilAsync("the worker has said so", () => worker.Output.Contains("3 pieces for Ada", StringComparison.Ordinal));
        await UntilAsync("two are dead letters", async () => (await OperatorView.StateAsync(client, Token)).DeadLetters == 2);
        worker.Send(TestProcess.UnixSignal.Terminate);
        (await InTimeAsync("the worker ends", worker.Ended)).ShouldBe(0);
        worker.Output.ShouldContain("An order of 0 pieces cannot be delivered.");
        worker.Output.ShouldContain("The body is no Order");
    }
}
