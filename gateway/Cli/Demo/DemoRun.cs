using Gateway.Cli.Demo.Ledger;
using Gateway.Cli.Demo.Processes;
using Gateway.Cli.Shell;
using Gateway.Client;
using Gateway.Http.Views;

namespace Gateway.Cli.Demo;

/// <summary>One demo from start to ledger.</summary>
internal sealed class DemoRun
{
    /// <summary>The part of the limit reserved for ending the processes and printing the ledger.</summary>
    private static readonly TimeSpan _epilogue = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan _glance = TimeSpan.FromMilliseconds(50);

    private readonly DemoOptions _options;
    private readonly TimeProvider _time;
    private readonly DemoPlan _plan;
    private readonly DemoClock _clock;
    private readonly DemoJournal _journal;
    private readonly DemoBook _book;
    private readonly DemoStage _stage;
    private readonly StatusWatch[] _watches;

    public DemoRun(DemoOptions options, string folder, TimeProvider time)
    {
        _options = options;
        _time = time;
        _plan = DemoPlan.For(options);
        _clock = new DemoClock(time);
        _journal = new DemoJournal(_clock);
        _book = new DemoBook(options.Messages);
        _stage = new DemoStage(folder, options.Tcp, options.Database, _book, _clock, time);
        var (sending, receiving) = (_stage.SendingGateway.Settings, _stage.ReceivingGateway.Settings);
        string[] receivers = _stage.Standby is { } standby ? [receiving.HttpAddress, standby.Settings.HttpAddress]
            : [receiving.HttpAddress];
        _watches =
        [
            new StatusWatch(sending.Name, [sending.HttpAddress], _journal, time),
            new StatusWatch(receiving.Name, receivers, _journal, time),
        ];
    }

    public DemoView View => new(
        _clock.Elapsed, _options.Messages, _book.Counts, [.. _watches.Select(watch => new DemoView.Gateway(watch.Name, watch.Latest))],
            _journal.Lines)
    { Tcp = _options.Tcp };

    /// <summary>Runs the demo within its limit. All of its processes have ended on return, even after an exception.</summary>
    /// <exception cref="CommandLineException">A failure other than of the promises under test.</exception>
    public async Task<DemoResult> RunAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_options.Limit - _epilogue, _time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var finished = false;
        await using (_stage)
        {
            try
            {
                await _stage.StartAsync(stop.Token);
                _journal.Note($"both gateways{(_stage.Standby is null ? "" : ", a standby of the receiving one")} and the consumer run, "
                    + "each a process of its own");
                await TogetherAsync(
                    [SendAsync(stop.Token), PlayAsync(stop.Token), .. _watches.Select(watch => watch.RunAsync(stop.Token)), FinishAsync()],
                        stop);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                if (!finished)
                    _journal.Note($"not done within {Figures.Span(_options.Limit)}");
            }
            catch (GatewayException failure)
            {
                throw new CommandLineException(ExitCode.Failed, $"The demo's own application failed: {failure.Message}");
            }
        }

        var left = _watches.Select(watch => MessagesOf(watch.Latest)).Aggregate((long?)0, (sum, next) => sum + next);
        return new DemoResult
        { Verdict = await _book.CloseAsync(), Finished = finished, LeftInQueues = left, Tcp = _options.Tcp, Took = _clock.Elapsed };

        async Task FinishAsync()
        {
            await WaitUntilDrainedAsync(stop.Token);
            finished = true;
            await stop.CancelAsync();
        }
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        if (_options.Tcp) await SendAsync(new DemoSender(_stage.InletPort, _options, _plan.Flow, _time), cancellationToken);
        else await SendAsClientAsync(cancellationToken);
        _journal.Note("every message accepted");
    }

    private async Task SendAsClientAsync(CancellationToken cancellationToken)
    {
        // The sending gateway is away for seconds; the producer's requests are retried when it is back.
        await using var client = new GatewayClient(
            new GatewayClientOptions
            {
                Address = _stage.SendingGateway.Settings.IntakeAddress,
                ApplicationName = "demo producer",
                RequestTimeout = _options.Limit,
            },
            time: _time);
        await SendAsync(new DemoProducer(client, _stage.Destination, _options, _plan.Flow, _time), cancellationToken);
    }

    private Task SendAsync(IDemoProducer producer, CancellationToken cancellationToken) => producer.RunAsync(
        sequence => _book.EnterAsync(ledger => ledger.Accepted(sequence)),
        sequence => _book.EnterAsync(ledger => ledger.SentAgain(sequence)),
        cancellationToken);

    private async Task PlayAsync(CancellationToken cancellationToken)
    {
        await new DemoScript(_plan, _stage, _watches[^1], _book, _journal, _clock, _time).RunAsync(cancellationToken);
        _journal.Note("every kill done");
    }

    private async Task WaitUntilDrainedAsync(CancellationToken cancellationToken)
    {
        using var glance = new PeriodicTimer(_glance, _time);
        while (_book.Counts is var counts && (counts.Accepted < _options.Messages || counts.Delivered < _options.Messages
            || _watches.Any(watch => MessagesOf(watch.Latest) != 0)))
        {
            _stage.RequireAlive();
            await glance.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>The messages of all queues, listed or not; null while the gateway does not answer.</summary>
    private static long? MessagesOf(GatewayView? gateway) => gateway?.Outgoing.Messages + gateway?.Inbound.Messages;

    /// <summary>Waits for all tasks; the first failure ends the others.</summary>
    private static async Task TogetherAsync(Task[] tasks, CancellationTokenSource stop)
    {
        Task? failed = null;
        await foreach (var task in Task.WhenEach(tasks))
        {
            if (!task.IsFaulted)
                continue;
            failed ??= task;
            await stop.CancelAsync();
        }

        await (failed ?? Task.WhenAll(tasks));
    }
}
