using Gateway.Management;
using Gateway.Store.Messages;

namespace Gateway.Tests.Management;

/// <summary>Adds the queues of a state up that a test has made by hand.</summary>
internal static class QueueSums
{
    public static QueueSum Of(IEnumerable<QueueSummary> queues, QueueKind kind)
    {
        var own = queues.Where(queue => queue.Id.Kind == kind).ToList();
        return new QueueSum(own.Count, own.Sum(queue => queue.Messages), own.Sum(queue => queue.Bytes));
    }
}
