using System.CommandLine;
using Gateway.Cli.Api;
using Gateway.Cli.Shell;
using Gateway.Http.Resources;
using Gateway.Http.Views;
using Gateway.Management;
using Gateway.Store.Messages;

namespace Gateway.Cli.Operator;

/// <summary>
/// An action that removes or moves messages. It first shows the affected messages and runs only with <c>--yes</c>. Its progress at the
/// gateway is shown, and Ctrl-C cancels it there.
/// </summary>
internal sealed class MessageAct(bool onQueue)
{
    private const int FirstMax = 5;

    private static readonly TimeSpan _lookEvery = TimeSpan.FromSeconds(1);

    private readonly Option<bool> _yes = new("--yes") { Description = "Do it; without, only what it would hit is shown." };
    private readonly Option<bool> _inDoubt = new("--include-in-doubt")
    { Description = "Also those that were sent and not acknowledged, though they may have arrived." };
    private readonly Option<string> _why = ApiArguments.Why();

    public void AddTo(Command command)
    {
        command.Options.Add(_yes);
        command.Options.Add(_why);
        if (onQueue) command.Options.Add(_inDoubt);
    }

    public async Task<ExitCode> RunAsync(ApiCall call, StartRequest request, CancellationToken cancellationToken)
    {
        var isSure = call.Parsed.GetValue(_yes);
        request = request with { Why = call.Parsed.GetValue(_why)!, IncludeInDoubt = onQueue && call.Parsed.GetValue(_inDoubt) };
        // A script that passes --yes is spared a search through all messages; it can call once without --yes first.
        if (call.Output.IsForPeople || !isSure)
        {
            var hits = await CountAsync(call, request, cancellationToken);
            await call.Output.WriteAsync(hits, view => OperationReport.Hits(request, view, isSure), cancellationToken);
            if (hits.Messages == 0) return ExitCode.Ok;
        }

        if (!isSure) throw new CommandLineException(ExitCode.NotConfirmed,
            $"Nothing was done. Add --yes to {OperationReport.Infinitive(request.Kind)} {(request.Number is null ? "them" : "it")}.");
        var ended = await FollowAsync(call, await call.Client.StartAsync(request), cancellationToken);
        await call.Output.WriteDoneAsync(ended, OperationReport.Ended);
        if (cancellationToken.IsCancellationRequested) return ExitCode.Interrupted;
        // A single message was named, and it was not changed.
        if (request.Number is not null && ended.Changed == 0) return ExitCode.Refused;
        return ended.State == OperationState.Done ? ExitCode.Ok : ExitCode.Failed;
    }

    /// <summary>Waits for the end of the operation and shows its progress.</summary>
    public static async Task<OperationView> FollowAsync(ApiCall call, OperationView operation, CancellationToken cancellationToken)
    {
        var progress = new Progress(call.Terminal);
        try
        {
            while (operation.State == OperationState.Running)
            {
                operation = await call.Client.WaitAsync(operation.Id, _lookEvery, cancellationToken);
                progress.Show(OperationReport.Progress(operation));
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The operator has left; without this the operation would continue unattended.
            await call.Client.CancelAsync(operation.Id, CancellationToken.None);
            operation = await call.Client.WaitAsync(operation.Id, 10 * _lookEvery, CancellationToken.None);
        }
        finally
        {
            progress.Clear();
        }

        return operation;
    }

    private static async Task<HitsView> CountAsync(ApiCall call, StartRequest request, CancellationToken cancellationToken)
    {
        QueueId? queue = request.Queue is { } name ? new QueueId(name.Kind, name.Name) : null;
        if (request.Number is { } number)
        {
            var found = await call.Client.ReadMessagesAsync(queue, null, null, number - 1, 1, cancellationToken);
            return found.Messages is [var entry] && entry.Number == number ? new HitsView(1, [entry]) : new HitsView(0, []);
        }

        if (request.Filter is { } filter)
        {
            var progress = new Progress(call.Terminal);
            var (messages, first) = await call.Client.CountAsync(
                queue, filter, FirstMax, scan => progress.Show(OperationReport.Scanning(scan)), cancellationToken);
            progress.Clear();
            return new HitsView(messages, first);
        }

        var all = queue is { } id ? (await call.Client.ReadQueueAsync(id, cancellationToken)).Messages : (
            await call.Client.ReadStateAsync(cancellationToken)).DeadLetters;
        return new HitsView(
            all, all == 0 ? [] : (await call.Client.ReadMessagesAsync(queue, null, null, 0, FirstMax, cancellationToken)).Messages);
    }
}
