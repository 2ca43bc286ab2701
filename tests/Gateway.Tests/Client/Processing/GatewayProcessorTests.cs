using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Gateway.Client;
using Gateway.Client.Processing;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;
using static Gateway.Tests.Crash.ProcessTest;

namespace Gateway.Tests.Client.Processing;

public sealed class GatewayProcessorTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ProcessMessageAsync_Returns_TheMessageIsCompleted()
    {
        await using var bench = new ProcessorBench(new FakeQueue(null, null, null));
        await bench.StartAsync(_ => Task.CompletedTask);

        await bench.UntilEmptyAsync();

        bench.Queue.Settled.ShouldBe(["complete 1", "complete 2", "complete 3"], ignoreOrder: true);
        bench.Processor.State.ShouldBe(ProcessorState.Running);
    }

    [Fact]
    public async Task ProcessMessageAsync_Throws_TheMessageComesAgainAndIsRejectedAtLast()
    {
        await using var bench = new ProcessorBench(new FakeQueue("a"), options =>
        {
            options.AttemptsMax = 2;
            options.RetryPolicy = new OneSecond();
        });
        await bench.StartAsync(_ => throw new InvalidOperationException("no stock"));

        await bench.UntilEmptyAsync();

        bench.Queue.Settled.ShouldBe(["abandon 1 after 1 s", "reject 1: System.InvalidOperationException: no stock"]);
        await UntilAsync("both errors are told", () => bench.Errors.Count == 2);
        bench.Errors.Select(error => (error.ErrorSource, error.Outcome, error.Message?.Deliveries)).ShouldBe(
        [
            (ProcessErrorSource.ProcessMessage, ProcessOutcome.Retried, 1),
            (ProcessErrorSource.ProcessMessage, ProcessOutcome.Rejected, 2),
        ]);
    }

    [Fact]
    public async Task ProcessMessageAsync_APolicyThatThrows_RejectsWithItsText()
    {
        await using var bench = new ProcessorBench(new FakeQueue([null]), options => options.RetryPolicy = new Broken());
        await bench.StartAsync(_ => throw new InvalidOperationException("no stock"));

        await bench.UntilEmptyAsync();

        bench.Queue.Settled.ShouldBe(["reject 1: System.NotSupportedException: a fault of the policy"]);
    }

    [Fact]
    public async Task ProcessMessageAsync_SettlesItself_NothingIsAdded()
    {
        await using var bench = new ProcessorBench(new FakeQueue(null, null), options => options.AutoComplete = false);
        await bench.StartAsync(args => NumberOf(args) == 1
            ? args.RejectMessageAsync(args.Message, "of no use", args.CancellationToken)
            : args.CompleteMessageAsync(args.Message, args.CancellationToken));

        await bench.UntilEmptyAsync();

        bench.Queue.Settled.ShouldBe(["reject 1: of no use", "complete 2"], ignoreOrder: true);
        bench.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task ProcessMessageAsync_SettlesNothingWithoutAutoComplete_Fails()
    {
        await using var bench = new ProcessorBench(new FakeQueue([null]), options =>
        {
            options.AutoComplete = false;
            options.AttemptsMax = 1;
        });
        await bench.StartAsync(_ => Task.CompletedTask);

        await bench.UntilEmptyAsync();

        bench.Queue.Settled.ShouldHaveSingleItem().ShouldContain("without settling");
    }

    [Fact]
    public async Task ConcurrencyMax_SixteenHandlers_RunAtOnceAndNoMore()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = 0;
        await using var bench = new ProcessorBench(new FakeQueue(new string?[40]), options => options.ConcurrencyMax = 16);
        await bench.StartAsync(_ =>
        {
            Interlocked.Increment(ref begun);
            return go.Task;
        });
        await UntilAsync("sixteen run", () => Volatile.Read(ref begun) >= 16);

        bench.Processor.Pause();
        await UntilAsync("the others are given back", () => bench.Queue.Settled.Count == 24);
        begun.ShouldBe(16);
        go.SetResult();
        bench.Processor.Resume();

        await bench.UntilEmptyAsync();
        begun.ShouldBe(40);
    }

    [Fact]
    public async Task OrderByKey_FailuresInBetween_EachKeyStaysInOrder()
    {
        var handled = new ConcurrentQueue<(string Key, int Number)>();
        string?[] keys = [.. Enumerable.Range(0, 200).Select(i => $"key {i % 7}")];
        await using var bench = new ProcessorBench(new FakeQueue(keys), options =>
        {
            options.ConcurrencyMax = 8;
            options.WaitingMax = 5;
            options.Prefetch = 3;
            options.RetryPolicy = new OneSecond();
            options.AttemptsMax = 10;
        });
        await bench.StartAsync(args =>
        {
            if (NumberOf(args) % 5 == 0 && args.Message.Deliveries == 1)
                throw new InvalidOperationException("at first");
            handled.Enqueue((args.Message.Key!, NumberOf(args)));
            return Task.CompletedTask;
        });

        await bench.UntilEmptyAsync();

        handled.Count.ShouldBe(keys.Length);
        foreach (var key in handled.GroupBy(message => message.Key))
            key.Select(message => message.Number).ShouldBeInOrder();
    }

    [Fact]
    public async Task StopProcessingAsync_WaitsForHandlersAndGivesBackTheRest()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var bench = new ProcessorBench(new FakeQueue("a", "a", "b"), options => options.ConcurrencyMax = 1);
        await bench.StartAsync(async args =>
        {
            begun.TrySetResult();
            await go.Task.WaitAsync(args.CancellationToken);
        });
        await InTimeAsync("a handler begins", begun.Task);

        var stopping = bench.Processor.StopProcessingAsync(Token);
        await UntilAsync("the others are given back", () => bench.Queue.Settled.Count == 2);
        bench.Processor.State.ShouldBe(ProcessorState.Stopping);
        stopping.IsCompleted.ShouldBeFalse();
        go.SetResult();
        await InTimeAsync("it stops", stopping);

        bench.Queue.Settled.ShouldBe(["release 2", "release 3", "complete 1"], ignoreOrder: true);
        bench.Queue.IsOpen.ShouldBeFalse();
        bench.Processor.State.ShouldBe(ProcessorState.Stopped);
    }

    [Fact]
    public async Task StopProcessingAsync_AHandlerLongerThanTheTimeout_IsToldToEndAndItsMessageReleased()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var bench = new ProcessorBench(new FakeQueue([null]), options => options.StopTimeout = TimeSpan.Zero);
        await bench.StartAsync(args =>
        {
            begun.TrySetResult();
            return Task.Delay(Timeout.Infinite, args.CancellationToken);
        });
        await InTimeAsync("a handler begins", begun.Task);

        await InTimeAsync("it stops", bench.Processor.StopProcessingAsync(Token));

        bench.Queue.Settled.ShouldBe(["release 1"]);
    }

    [Fact]
    [Kind(Kind.Slow)]
    public async Task StopProcessingAsync_AHandlerThatDoesNotEnd_LosesItsMessage()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var never = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var bench = new ProcessorBench(new FakeQueue([null]));
        await bench.StartAsync(_ =>
        {
            begun.TrySetResult();
            return never.Task;
        });
        await InTimeAsync("a handler begins", begun.Task);
        using var impatient = new CancellationTokenSource(TimeSpan.Zero);

        await InTimeAsync("it stops", bench.Processor.StopProcessingAsync(impatient.Token));

        bench.Queue.Settled.ShouldBe(["release 1"]);
        bench.Processor.State.ShouldBe(ProcessorState.Stopped);
        never.SetResult();
    }

    [Fact]
    public async Task StartProcessingAsync_AfterAStop_GoesOn()
    {
        await using var bench = new ProcessorBench(new FakeQueue(null, null), options => options.StartPaused = true);
        await bench.StartAsync(_ => Task.CompletedTask);
        await bench.Processor.StopProcessingAsync(Token);
        bench.Processor.Resume();

        await bench.Processor.StartProcessingAsync(Token);
        await Should.ThrowAsync<InvalidOperationException>(() => bench.Processor.StartProcessingAsync(Token));

        await bench.UntilEmptyAsync();
    }

    [Fact]
    public async Task Pause_GivesBackWhatWaits_AndResumeReceivesAgain()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var bench = new ProcessorBench(new FakeQueue("a", "a", "a"));
        await bench.StartAsync(async _ =>
        {
            begun.TrySetResult();
            await go.Task;
        });
        await InTimeAsync("a handler begins", begun.Task);

        bench.Processor.Pause();
        await UntilAsync("the others are given back", () => bench.Queue.Settled.Count == 2);
        bench.Processor.State.ShouldBe(ProcessorState.Paused);
        bench.Processor.IsProcessing.ShouldBeTrue();
        bench.Queue.IsOpen.ShouldBeFalse();
        go.SetResult();
        await UntilAsync("the handler's message is completed", () => bench.Queue.Settled.Count == 3);
        bench.Queue.IsEmpty.ShouldBeFalse();
        bench.Processor.Resume();

        await bench.UntilEmptyAsync();
        bench.Queue.Settled.Count(end => end.StartsWith("complete", StringComparison.Ordinal)).ShouldBe(3);
    }

    [Fact]
    public async Task LeaseRenewalMax_IsOver_TheHandlerIsToldToEnd()
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var bench = new ProcessorBench(new FakeQueue([null]), options =>
        {
            options.LeaseRenewalMax = TimeSpan.FromSeconds(1);
            options.AttemptsMax = 1;
        });
        await bench.StartAsync(async args =>
        {
            await Task.Delay(Timeout.Infinite, args.CancellationToken).ContinueWith(_ => { }, TaskScheduler.Default);
            told.TrySetResult();
        });

        await InTimeAsync("the handler is told to end", told.Task);
        await bench.UntilEmptyAsync();
    }

    [Fact]
    public async Task StartProcessingAsync_WithoutAHandler_Throws()
    {
        using var gateway = new FakeGateway(FakeGateway.Obliging);
        await using var client = new GatewayClient(new GatewayClientOptions { Address = gateway.Address });
        await using var processor = client.CreateProcessor("q");

        await Should.ThrowAsync<InvalidOperationException>(() => processor.StartProcessingAsync(Token));
        processor.ProcessMessageAsync += _ => Task.CompletedTask;
        Should.Throw<InvalidOperationException>(() => processor.ProcessMessageAsync += _ => Task.CompletedTask);
        processor.State.ShouldBe(ProcessorState.Stopped);
    }

    [Fact]
    public async Task CreateProcessor_BadOptions_NamesAllThatIsWrong()
    {
        await using var client = new GatewayClient(new GatewayClientOptions());

        var failure = Should.Throw<OptionsValidationException>(() => client.CreateProcessor("q", new GatewayProcessorOptions
        {
            ConcurrencyMax = 0,
            KeyHeader = "",
            WaitingMax = 0,
            Prefetch = 0,
            Lease = TimeSpan.Zero,
            LeaseRenewalMax = TimeSpan.Zero,
            AttemptsMax = 0,
            RetryDelay = TimeSpan.FromSeconds(-1),
            RetryDelayMax = TimeSpan.FromDays(400),
            StopTimeout = TimeSpan.FromDays(2),
        }));

        failure.Failures.Count().ShouldBe(10);
    }

    [Fact]
    public async Task Client_Disposed_EndsTheProcessorAndTellsWhy()
    {
        var bench = new ProcessorBench(new FakeQueue());
        await bench.StartAsync(_ => Task.CompletedTask);
        await UntilAsync("it receives", () => bench.Queue.IsOpen);

        await bench.Client.DisposeAsync();

        await UntilAsync("it has ended", () => bench.Processor.State == ProcessorState.Stopped);
        var error = bench.Errors.ShouldHaveSingleItem();
        error.ErrorSource.ShouldBe(ProcessErrorSource.Receive);
        error.Exception.ShouldBeOfType<GatewayException>().Reason.ShouldBe(GatewayError.Disposed);
        await bench.DisposeAsync();
    }

    internal static int NumberOf(ProcessMessageEventArgs args) =>
        int.Parse(Encoding.UTF8.GetString(args.Message.Body.Span), CultureInfo.InvariantCulture);

    private sealed class OneSecond : IRetryPolicy
    {
        public TimeSpan? DelayAfter(Exception failure, int deliveries) => deliveries < 2 ? TimeSpan.FromSeconds(1) : null;
    }

    private sealed class Broken : IRetryPolicy
    {
        public TimeSpan? DelayAfter(Exception failure, int deliveries) => throw new NotSupportedException("a fault of the policy");
    }
}
