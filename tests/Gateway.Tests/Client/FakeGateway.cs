using System.Collections.Concurrent;
using Gateway.Client.Wire;
using NetMQ;
using NetMQ.Sockets;

namespace Gateway.Tests.Client;

/// <summary>
/// A ROUTER on a thread of its own that says WELCOME and answers the rest by a function of the test. Killed with its socket, as a crashed
/// gateway is.
/// </summary>
internal sealed class FakeGateway : IDisposable
{
    private readonly Func<Request, IEnumerable<Reply>> _answer;
    private readonly RouterSocket _router = new();
    private readonly NetMQPoller _poller = [];

    /// <param name="answer">Returns the answer to a request after HELLO; called on the gateway's thread.</param>
    /// <param name="port">0 for one that the system chooses.</param>
    public FakeGateway(Func<Request, IEnumerable<Reply>> answer, int port = 0)
    {
        _answer = answer;
        _router.Options.Linger = TimeSpan.Zero;
        if (port == 0)
            Port = _router.BindRandomPort("tcp://127.0.0.1");
        else
            Bind(Port = port);
        _router.ReceiveReady += (_, _) => Drain();
        _poller.Add(_router);
        _poller.RunAsync("fake-gateway", isBackgroundThread: true);
    }

    public int Port { get; }

    public string Address => $"tcp://127.0.0.1:{Port}";

    public ConcurrentQueue<Request> Requests { get; } = new();

    /// <summary>
    /// Binds a port that was in use a moment ago: NetMQ closes a listener in the background, some milliseconds after its Dispose.
    /// </summary>
    public static async Task<FakeGateway> BindAgainAsync(
        Func<Request, IEnumerable<Reply>> answer, int port, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (true)
        {
            try
            {
                return new FakeGateway(answer, port);
            }
            catch (AddressAlreadyInUseException)
            {
                await timer.WaitForNextTickAsync(cancellationToken);
            }
        }
    }

    /// <summary>An application's usual partner: accepts, settles, and remembers what was enqueued.</summary>
    public static IEnumerable<Reply> Obliging(Request request) => request switch
    {
        Request.Enqueue r => [new Reply.Accepted(r.Id, [.. r.Items.Select(item => item.Id!.Value)])],
        Request.Complete r => [new Reply.Settled(r.Id)],
        Request.Abandon r => [new Reply.Settled(r.Id)],
        Request.Reject r => [new Reply.Settled(r.Id)],
        Request.Renew r => [new Reply.Settled(r.Id)],
        Request.Release r => [new Reply.Settled(r.Id)],
        Request.Ready r => [new Reply.Ready(r.Id, "fake", "")],
        Request.Peek r => [new Reply.Peeked(r.Id, [])],
        Request.Stop r => [new Reply.Stopped(r.Subscription)],
        Request.Ping r => [new Reply.Pong(r.Payload)],
        _ => [],
    };

    /// <summary>Says nothing to anything but HELLO, yet is alive.</summary>
    public static IEnumerable<Reply> Mute(Request request) => request is Request.Ping ping ? [new Reply.Pong(ping.Payload)] : [];

    public void Dispose()
    {
        _poller.Dispose();
        _router.Dispose();
    }

    private void Bind(int port)
    {
        try
        {
            _router.Bind($"tcp://127.0.0.1:{port}");
        }
        catch (AddressAlreadyInUseException)
        {
            Dispose();
            throw;
        }
    }

    private void Drain()
    {
        var message = new NetMQMessage();
        for (var i = 0; i < 1000 && _router.TryReceiveMultipartMessage(ref message); i++)
        {
            byte[][] frames = [.. message.Skip(1).Select(frame => frame.ToByteArray())];
            var identity = message[0].ToByteArray();
            if (!PackedMessages.IsPacked(frames))
            {
                foreach (var reply in AnswersTo(frames))
                    Send(identity, ReplyCodec.Encode(reply));
                continue;
            }

            var replies = new List<Reply>();
            for (var packed = new PackedMessages(frames[1]); packed.TryNext(out var next);)
                replies.AddRange(AnswersTo(next));
            if (replies.Count > 0)
                Send(identity, [PackedMessages.Verb.ToArray(), Pack(replies)]);
        }
    }

    private IEnumerable<Reply> AnswersTo(IReadOnlyList<byte[]> frames)
    {
        if (!RequestCodec.TryDecode(frames, out var request, out _))
            return [];
        Requests.Enqueue(request);
        return request is Request.Hello ? [new Reply.Welcome("1", "fake", new string('0', 32), new WireLimits())] : _answer(request);
    }

    private static byte[] Pack(List<Reply> replies) => [.. replies.Select(ReplyCodec.Encode).SelectMany(frames =>
    {
        var bytes = new byte[PackedMessages.SizeBytes(frames)];
        PackedMessages.Write(frames, bytes);
        return bytes;
    })];

    private void Send(byte[] identity, IReadOnlyList<ReadOnlyMemory<byte>> frames)
    {
        var message = new NetMQMessage([identity, .. frames.Select(frame => frame.ToArray())]);
        _router.TrySendMultipartMessage(message);
    }
}
