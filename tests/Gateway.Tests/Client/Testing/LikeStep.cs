using System.Text;
using Gateway.Client;
using Gateway.Client.Wire;

namespace Gateway.Tests.Client.Testing;

/// <summary>Something that clients of either gateway do, or time that passes.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Connection">Who does it.</param>
/// <param name="First">Chooses among its variants.</param>
/// <param name="Second">Likewise.</param>
internal sealed record LikeStep(int Kind, int Connection, int First, int Second)
{
    public const int Kinds = 14;
    public const int Variants = 8;

    private static readonly string[] _destinations =
        ["a@here", "a@here", "b@here", "copies", "orders@there", "nowhere", "a@nobody", "a b@here"];
    private static readonly int[] _seconds = [1, 10, 30, 200];

    /// <summary>How long it lasts, if it is time that passes; null otherwise.</summary>
    public TimeSpan? Passes => Kind == Kinds - 1 ? TimeSpan.FromSeconds(_seconds[First % _seconds.Length]) : null;

    /// <summary>The connection ends, and another one begins in its place.</summary>
    public bool IsReconnection => Kind == 12 && First < 5;

    /// <summary>What is asked, if it is a request.</summary>
    /// <param name="number">The number of the step.</param>
    /// <param name="tokens">The tokens of the deliveries so far.</param>
    public Request ToRequest(int number, IReadOnlyList<DeliveryToken> tokens)
    {
        var id = RequestId.FromNumber(100 + number);
        var subscription = RequestId.FromNumber((First % 2) + 1);
        var queue = Second % 2 == 0 ? "a" : "b";
        var token = First < tokens.Count ? tokens[^(First + 1)] : new DeliveryToken(1_000_000);
        return Kind switch
        {
            0 or 1 or 2 => new Request.Enqueue(id, _destinations[First], [.. Enumerable.Range(0, (Second % 3) + 1).Select(Item)]),
            3 or 4 => new Request.Receive(subscription, queue, (Second % 3) + 1, First < 4 ? TimeSpan.FromSeconds(10) : null),
            5 => new Request.Stop(subscription),
            6 => new Request.Complete(id, token),
            7 => new Request.Abandon(id, token, TimeSpan.FromSeconds(Second < 4 ? 0 : 100)),
            8 => new Request.Reject(id, token, "of no use"),
            9 => new Request.Release(id, token),
            10 => new Request.Renew(id, token, Second < 4 ? null : TimeSpan.FromMinutes(1)),
            11 when Second < 4 => new Request.Peek(id, queue, First, 3),
            11 => new Request.Depth(id, First == 7 ? "a" : _destinations[First]),
            _ when First == 5 => new Request.Hello("1", "app"),
            _ when First == 6 => new Request.Ready(id),
            _ => new Request.Watch(id),
        };
    }

    private EnqueueItem Item(int place) => new(
        new MessageId(new Guid(1 + ((First + Second + place) % 9), 0, 0, [0, 0, 0, 0, 0, 0, 0, 0])), default, 0,
        Encoding.UTF8.GetBytes(Second == 7 ? "another" : "one"));
}
