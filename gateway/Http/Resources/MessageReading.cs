using System.Globalization;
using Gateway.Http.Answers;
using Gateway.Http.Views;
using Gateway.Management;
using Gateway.Store.Browsing;
using Gateway.Store.Messages;
using Microsoft.AspNetCore.Http;

namespace Gateway.Http.Resources;

/// <summary>Reads the messages of one queue, or the dead letters (no queue).</summary>
internal static class MessageReading
{
    public const int LimitDefault = 100;
    public const int LimitMax = 1000;

    private const int ScanEntriesMax = 256;

    /// <summary>The time after which a page is answered with the messages found so far, so that its reader sees progress.</summary>
    private static readonly TimeSpan _pageTime = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _progressEvery = TimeSpan.FromMilliseconds(250);

    public static async Task<MessagePage> ListAsync(IManagement management, TimeProvider time, QueueId? queue, long after,
        int limit, BrowseFilter filter, MessageState? state, CancellationToken cancellationToken)
    {
        CheckLimit(limit);
        var began = time.GetTimestamp();
        var (entries, damaged) = (new List<EntryView>(), new List<long>());
        while (true)
        {
            var page = await management.BrowseAsync(queue, after, filter, state, limit - entries.Count, cancellationToken);
            entries.AddRange(page.Entries.Select(entry => EntryView.Of(entry)));
            damaged.AddRange(page.Damaged);
            after = page.ScannedUpTo;
            if (page.IsEnd) return new MessagePage(entries, null, damaged);
            if (entries.Count >= limit || time.GetElapsedTime(began) > _pageTime) return new MessagePage(entries, after, damaged);
        }
    }

    /// <summary>Reads a page through several queues, one after the other.</summary>
    /// <param name="queues">The queues in the order of <see cref="MessageCursor.Compare"/>, starting with the cursor's.</param>
    /// <param name="isCut">True if further queues follow.</param>
    /// <param name="cursor">The end of the previous page; null for the first.</param>
    public static async Task<AllMessagesPage> ListAllAsync(IManagement management, TimeProvider time, IReadOnlyList<QueueId> queues,
        bool isCut, MessageCursor? cursor, int limit, BrowseFilter filter, MessageState? state, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var (entries, damaged) = (new List<EntryView>(), new List<long>());
        foreach (var queue in queues)
        {
            var (after, isEnd) = (queue == cursor?.Queue ? cursor.After : 0, false);
            while (!isEnd)
            {
                if (entries.Count >= limit || time.GetElapsedTime(began) > _pageTime)
                    return new AllMessagesPage(entries, new MessageCursor(queue, after).ToString(), damaged);
                var page = await management.BrowseAsync(queue, after, filter, state, limit - entries.Count, cancellationToken);
                entries.AddRange(page.Entries.Select(entry => EntryView.Of(entry, queue)));
                damaged.AddRange(page.Damaged.Except(damaged));
                (after, isEnd) = (page.ScannedUpTo, page.IsEnd);
            }
        }

        return new AllMessagesPage(entries, isCut ? new MessageCursor(queues[^1], long.MaxValue).ToString() : null, damaged);
    }

    /// <exception cref="ProblemException">The limit of a page is out of range.</exception>
    public static void CheckLimit(int limit)
    {
        if (limit is < 1 or > LimitMax) throw ProblemException.BadRequest(string.Create(CultureInfo.InvariantCulture,
            $"limit is {limit}; it is 1 to {LimitMax}. With /scan in place of a page of one queue all of them come, one a line."));
    }

    /// <summary>Sends all matches as JSON lines: messages, progress, and finally an end. A scan without an end was cut off.</summary>
    public static async Task ScanAsync(IManagement management, TimeProvider time, QueueId? queue, long after, long limit,
        BrowseFilter filter, MessageState? state, HttpContext context)
    {
        if (limit < 1) throw ProblemException.BadRequest($"limit is {limit}; it is at least 1.");
        var cancellationToken = context.RequestAborted;
        var tail = queue is { } id ? (await management.ReadQueueAsync(id, cancellationToken))?.Tail : null;
        var lines = JsonLines.Begin(context);
        var (found, told) = (0L, time.GetTimestamp());
        while (true)
        {
            var began = time.GetTimestamp();
            var page = await management.BrowseAsync(
                queue, after, filter, state, (int)Math.Min(ScanEntriesMax, limit - found), cancellationToken);
            var took = time.GetElapsedTime(began);
            foreach (var entry in page.Entries) lines.Write(new ScanMessage(EntryView.Of(entry)));
            foreach (var group in page.Damaged) lines.Write(new ScanDamage(group));
            found += page.Entries.Count;
            after = page.ScannedUpTo;
            if (page.IsEnd || found >= limit) break;
            if (time.GetElapsedTime(told) >= _progressEvery)
            {
                lines.Write(new ScanProgress(after, tail, found));
                told = time.GetTimestamp();
            }

            await lines.FlushAsync(cancellationToken);
            await Pace.RestAsync(time, took, cancellationToken);
        }

        lines.Write(new ScanEnd(after, found));
        await lines.FlushAsync(cancellationToken);
    }

    public static async Task<MessageDetailsView> ShowAsync(
        IManagement management, QueueId? queue, long number, int previewBytes, CancellationToken cancellationToken)
    {
        if (previewBytes is < 0 or > BodyPreview.BytesMax) throw ProblemException.BadRequest(
            $"preview is {previewBytes}; it is 0 to {BodyPreview.BytesMax} bytes. The whole body is at /body.");
        return MessageDetailsView.Of(number, await FindAsync(management, queue, number, cancellationToken), previewBytes);
    }

    /// <summary>Sends the body as a download, never as content for a browser to show.</summary>
    public static async Task<IResult> BodyAsync(IManagement management, QueueId? queue, long number, CancellationToken cancellationToken)
    {
        var found = await FindAsync(management, queue, number, cancellationToken);
        if (found.Message is not { } stored) throw new ProblemException(
            StatusCodes.Status410Gone, "damaged", "The message's bytes are damaged and cannot be read; 'gateway store check' tells more.");
        return TypedResults.Bytes(stored.Message.Body, "application/octet-stream", $"{stored.Message.Id}.bin");
    }

    public static async Task<TraceView> TraceAsync(IManagement management, QueueId? queue, long number, CancellationToken cancellationToken)
    {
        var trace = await management.TraceAsync(queue, number, cancellationToken) ?? throw Missing(queue, number);
        return new TraceView(number, trace.Message?.Message.Id.Value, DeadLetterView.Of(trace.DeadLetter),
            trace.Sent, [.. trace.Steps.Select(step => new TraceStepView(step.At?.ToUniversalTime(), step.Step, step.Text))]);
    }

    private static async Task<FoundMessage> FindAsync(
        IManagement management, QueueId? queue, long number, CancellationToken cancellationToken) =>
        await management.ReadMessageAsync(queue, number, cancellationToken) ?? throw Missing(queue, number);

    private static ProblemException Missing(QueueId? queue, long number) => ProblemException.NotFound(queue is { } id
        ? $"There is no message {number} in {id}: it has left the queue, or never was there."
        : $"There is no dead letter {number}: it was returned or purged, or never was there.");
}
