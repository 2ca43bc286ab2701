using System.Text;
using Gateway.Client;
using Gateway.Client.Wire;

namespace Gateway.Tests.Client.Wire;

/// <summary>
/// Each verb once, as values and as the exact text of its frames, joined by '|'. A change here is a change of the protocol's version.
/// </summary>
internal static class GoldenFrames
{
    public static readonly MessageId FirstId = new(new Guid("01890a5d-ac96-774b-bcce-b302099a8057"));
    public static readonly MessageId SecondId = new(new Guid("01890a5d-ac96-774b-bcce-b302099a8058"));

    private static readonly RequestId _r7 = RequestId.FromNumber(7);
    private static readonly DeliveryToken _token = new(42);

    public static IReadOnlyDictionary<string, Request> Requests { get; } = new Dictionary<string, Request>
    {
        ["HELLO|1|my-app|secret"] = new Request.Hello("1", "my-app", "secret"),
        ["HELLO|1|my-app"] = new Request.Hello("1", "my-app"),
        ["PING|abc"] = new Request.Ping(Bytes("abc")),
        ["ENQUEUE|7|orders@billing||||hi"] = new Request.Enqueue(_r7, "orders@billing", [new EnqueueItem(null, default, 0, Bytes("hi"))]),
        [$"ENQUEUE|7|orders|{FirstId}|{{\"a\":\"b\"}}|1700000000000|x|{SecondId}|||"] = new Request.Enqueue(
            _r7,
            "orders",
            [new EnqueueItem(FirstId, Bytes("{\"a\":\"b\"}"), 1_700_000_000_000, Bytes("x")),
                new EnqueueItem(SecondId, default, 0, default)]),
        ["RECEIVE|7|orders|64|30000"] = new Request.Receive(_r7, "orders", 64, TimeSpan.FromSeconds(30)),
        ["RECEIVE|7|orders|1|"] = new Request.Receive(_r7, "orders", 1, null),
        ["STOP|7"] = new Request.Stop(_r7),
        ["COMPLETE|7|42"] = new Request.Complete(_r7, _token),
        ["ABANDON|7|42|0"] = new Request.Abandon(_r7, _token, TimeSpan.Zero),
        ["ABANDON|7|42|1500"] = new Request.Abandon(_r7, _token, TimeSpan.FromMilliseconds(1500)),
        ["REJECT|7|42|größe"] = new Request.Reject(_r7, _token, "größe"),
        ["RELEASE|7|42"] = new Request.Release(_r7, _token),
        ["RENEW|7|42|"] = new Request.Renew(_r7, _token, null),
        ["RENEW|7|42|60000"] = new Request.Renew(_r7, _token, TimeSpan.FromMinutes(1)),
        ["PEEK|7|orders|0|20"] = new Request.Peek(_r7, "orders", 0, 20),
        ["READY|7"] = new Request.Ready(_r7),
        ["DEPTH|7|orders@billing"] = new Request.Depth(_r7, "orders@billing"),
        ["WATCH|7"] = new Request.Watch(_r7),
        ["BYE"] = new Request.Bye(),
    };

    public static IReadOnlyDictionary<string, Reply> Replies { get; } = new Dictionary<string, Reply>
    {
        ["WELCOME|1|alpha|0123456789abcdef0123456789abcdef|{\"bodyBytesMax\":1048576,\"headersBytesMax\":16384,\"batchMessagesMax\":1000,"
            + "\"batchBytesMax\":4194304,\"creditMax\":10000,\"subscriptionsMax\":64,\"pendingRequestsMax\":10000,\"leaseMs\":30000}"] =
            new Reply.Welcome("1", "alpha", "0123456789abcdef0123456789abcdef", new WireLimits()),
        ["ERROR|HelloRequired|say HELLO"] = new Reply.Error(WireCode.HelloRequired, "say HELLO"),
        ["PONG|abc"] = new Reply.Pong(Bytes("abc")),
        [$"ACCEPTED|7|{FirstId}|{SecondId}"] = new Reply.Accepted(_r7, [FirstId, SecondId]),
        ["REJECTED|7|StoreFull|no room"] = new Reply.Rejected(_r7, WireCode.StoreFull, "no room"),
        [$"MESSAGE|7|42|{FirstId}|2|{{\"a\":\"b\"}}|1700000000000|1700000000001|alpha|hi"] = new Reply.Delivery(
            _r7,
            _token,
            new DeliveredMessage(FirstId, 2, Bytes("{\"a\":\"b\"}"), 1_700_000_000_000, 1_700_000_000_001, "alpha", Bytes("hi"))),
        ["STOPPED|7"] = new Reply.Stopped(_r7),
        ["SETTLED|7"] = new Reply.Settled(_r7),
        ["PEEKED|7"] = new Reply.Peeked(_r7, []),
        [$"PEEKED|7|3|{FirstId}|0||1700000000000||alpha|hi"] = new Reply.Peeked(
            _r7, [new PeekedMessage(3, new DeliveredMessage(FirstId, 0, default, 1_700_000_000_000, 0, "alpha", Bytes("hi")))]),
        ["READY|7|alpha|"] = new Reply.Ready(_r7, "alpha", ""),
        ["READY|7|alpha|no room"] = new Reply.Ready(_r7, "alpha", "no room"),
        ["DEPTH|7|3|300||||"] = new Reply.Depth(_r7, 3, 300, 0, "", "", ""),
        ["DEPTH|7|3|300|1893456000000|down|Refused|nothing listens"] =
            new Reply.Depth(_r7, 3, 300, 1893456000000, "down", "Refused", "nothing listens"),
        ["PEER|billing|down|Refused|nothing listens"] = new Reply.Peer("billing", "down", "Refused", "nothing listens"),
        ["GOODBYE"] = new Reply.Goodbye(),
    };

    public static byte[][] Split(string frames) => [.. frames.Split('|').Select(Encoding.UTF8.GetBytes)];

    public static string Join(IEnumerable<ReadOnlyMemory<byte>> frames) =>
        string.Join('|', frames.Select(frame => Encoding.UTF8.GetString(frame.Span)));

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
