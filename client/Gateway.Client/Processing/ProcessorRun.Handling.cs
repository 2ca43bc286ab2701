using System.Diagnostics;
using Gateway.Client.Telemetry;

namespace Gateway.Client.Processing;

/// <content>One message, from its handler to its settlement; runs beside the loop, and touches nothing of it.</content>
internal sealed partial class ProcessorRun
{
    private async Task HandleAsync(ProcessedMessage job)
    {
        var message = job.Message;
        message.Begin();
        using var span = message.StartActivity();
        var failure = await InvokeAsync(job).ConfigureAwait(false);
        var isSettled = message.IsSettled;
        var end = isSettled ? HandlerEnd.Settled
            : !message.IsHeld ? HandlerEnd.Lost
            : job.IsStopped ? HandlerEnd.Stopped
            : HandlerEnd.Held;
        _events.Post(new ProcessorEvent(job, IsSettled: false));
        if (failure is null && !isSettled && !_options.AutoComplete)
            failure = new InvalidOperationException("The handler returned without settling the message.");
        var verdict = Judge(failure, end, message.Deliveries);
        var fault = await SettleAsync(message, verdict).ConfigureAwait(false);
        var outcome = fault is null ? verdict.Outcome : ProcessOutcome.Lost;
        Record(span, message, outcome, failure ?? fault);
        LogOutcome(message, outcome, verdict, failure);
        if (fault is not null)
            LogNotSettled(_logger, message.Id, _queue, fault.Message);
        if (failure is not null)
            await ReportAsync(new(failure, ProcessErrorSource.ProcessMessage, _queue, message, outcome)).ConfigureAwait(false);
        if (fault is not null)
            await ReportAsync(new(fault, ProcessErrorSource.Settle, _queue, message, outcome)).ConfigureAwait(false);
        // Those of its key wait for a message that failed, not for one that was handled.
        var isAwaited = failure is not null && outcome is ProcessOutcome.Retried or ProcessOutcome.Lost;
        TimeSpan? comesAt = isAwaited ? Now + (outcome == ProcessOutcome.Retried ? verdict.Delay : TimeSpan.Zero) : null;
        _events.Post(new ProcessorEvent(job, IsSettled: true, comesAt));
    }

    private async Task<Exception?> InvokeAsync(ProcessedMessage job)
    {
        try
        {
            await _handlers.HandleAsync(new ProcessMessageEventArgs(job.Message, job.Cancellation.Token)).ConfigureAwait(false);
            return null;
        }
        catch (Exception failure)
        {
            // The root of a handler: whatever the application throws is a failure of this message, judged below.
            return failure;
        }
    }

    private Verdict Judge(Exception? failure, HandlerEnd end, int deliveries)
    {
        try
        {
            return Verdict.After(failure, end, deliveries, _policy);
        }
        catch (Exception broken)
        {
            // The policy is the application's: one that throws must not make the message come for ever.
            return new Verdict(ProcessOutcome.Rejected, Reason: $"{broken.GetType().FullName}: {broken.Message}");
        }
    }

    /// <summary>Returns why the gateway has not settled the message as it should; null if it has.</summary>
    private static async Task<GatewayException?> SettleAsync(ReceivedMessage message, Verdict verdict)
    {
        try
        {
            await (verdict.Outcome switch
            {
                ProcessOutcome.Completed => message.CompleteAsync(CancellationToken.None),
                ProcessOutcome.Retried => message.AbandonAsync(verdict.Delay, CancellationToken.None),
                ProcessOutcome.Rejected => message.RejectAsync(verdict.Reason, CancellationToken.None),
                ProcessOutcome.Released => message.ReleaseAsync(),
                _ => default,
            }).ConfigureAwait(false);
            return null;
        }
        catch (GatewayException fault)
        {
            return fault;
        }
    }

    private static void Record(Activity? span, ReceivedMessage message, ProcessOutcome outcome, Exception? failure)
    {
        var word = outcome.ToString().ToLowerInvariant();
        var error = failure?.GetType().FullName;
        ClientTelemetry.CountHandled(message.Queue, word, error);
        if (span is null)
            return;
        span.SetTag(ClientTelemetry.Outcome, word);
        if (error is null)
            return;
        span.SetTag(ClientTelemetry.ErrorType, error);
        span.SetStatus(ActivityStatusCode.Error, failure!.Message);
    }

    private async Task ReportAsync(ProcessErrorEventArgs error)
    {
        try
        {
            await _handlers.OnErrorAsync(error).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            // The root of a handler of the application: the error itself has been dealt with.
            LogErrorHandlerFailed(_logger, failure, _queue);
        }
    }
}
