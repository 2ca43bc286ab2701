namespace Gateway.Client.Processing;

/// <content>The end of a run: what is in hand is finished or given back.</content>
internal sealed partial class ProcessorRun
{
    /// <summary>Waits for the handlers; when their time is over, tells them to end, and gives their messages back if they do not.</summary>
    private async Task DrainAsync()
    {
        await GiveBackAsync(_schedule.TakeWaiting()).ConfigureAwait(false);
        TimeSpan? toldAt = null;
        while (_schedule.InHand > 0)
        {
            if (_isGraceOver && toldAt is null)
            {
                toldAt = Now;
                foreach (var job in _schedule.Handled)
                    job.TellToEnd(isStopping: true);
            }

            if (toldAt is { } told && Now - told >= _endingMax && _schedule.Handled.Count > 0)
            {
                LogLeft(_logger, _schedule.Handled.Count, _queue);
                await GiveBackAsync(_schedule.Handled).ConfigureAwait(false);
                return;
            }

            await _events.WaitAsync(null).ConfigureAwait(false);
            await AbsorbAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Releases messages; one that is lost meanwhile is delivered again anyway.</summary>
    private async Task GiveBackAsync(IReadOnlyCollection<ProcessedMessage> jobs)
    {
        if (jobs.Count == 0)
            return;
        LogReleased(_logger, jobs.Count, _queue);
        await Task.WhenAll(jobs.Where(job => job.Message.IsHeld).Select(ReleaseAsync)).ConfigureAwait(false);
    }

    private async Task ReleaseAsync(ProcessedMessage job)
    {
        try
        {
            await job.Message.ReleaseAsync().ConfigureAwait(false);
        }
        catch (GatewayException fault)
        {
            LogNotSettled(_logger, job.Id, _queue, fault.Message);
        }
    }
}
