using System.Globalization;
using Gateway.Http.Answers;
using Gateway.Store.Messages;

namespace Gateway.Http.Resources;

/// <summary>The position of a listing through several queues, as written in an address: <c>outgoing/orders@billing/17</c>.</summary>
/// <param name="Queue">The current queue; all earlier ones, by kind and name, are finished.</param>
/// <param name="After">The last number examined in this queue.</param>
internal sealed record MessageCursor(QueueId Queue, long After)
{
    /// <summary>Null if invalid.</summary>
    public static MessageCursor? TryParse(string text) =>
        text.Split('/') is [var kind, var name, var after]
        && QueueRoute.TryParse(kind, name) is { } queue
        && long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new MessageCursor(queue, number)
            : null;

    /// <summary>The order of queues in listings; it does not change as queues come and go.</summary>
    public static int Compare(QueueId left, QueueId right) =>
        left.Kind != right.Kind ? left.Kind.CompareTo(right.Kind) : string.CompareOrdinal(left.Name, right.Name);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{HttpJson.NameOf(Queue.Kind)}/{Queue.Name}/{After}");
}
