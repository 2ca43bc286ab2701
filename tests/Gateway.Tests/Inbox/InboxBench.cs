using System.Text;
using Gateway.Client;
using Gateway.Client.Wire;
using Gateway.Inbox;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Gateway.Telemetry;

namespace Gateway.Tests.Inbox;

/// <summary>The inboxes of a gateway over a store in memory, with consumers that record what they are sent.</summary>
internal sealed class InboxBench
{
    private readonly Dictionary<string, List<Reply>> _mail = [];
    private long _lastRequest = 100;

    public InboxBench(InboxSettings? settings = null, WireLimits? limits = null)
    {
        Settings = settings ?? new InboxSettings();
        Clock.Advance(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        Inboxes = new Inboxes(Settings, limits ?? new WireLimits(), Clock, Store, NoTelemetry.Instance)
        { Incarnation = Guid.NewGuid() };
    }

    public InboxSettings Settings { get; }

    public LoopClock Clock { get; } = new();

    public StoreBench Store { get; } = new();

    public Inboxes Inboxes { get; private set; }

    /// <summary>The gateway starts anew on the same store; what was submitted and not executed is lost.</summary>
    public void Restart()
    {
        Store.ForgetSubmitted();
        _mail.Clear();
        Inboxes = new Inboxes(Settings, new WireLimits(), Clock, Store, NoTelemetry.Instance) { Incarnation = Guid.NewGuid() };
    }

    public void Enqueue(string queue, params string[] bodies) => EnqueueUntil(queue, 0, bodies);

    public void EnqueueUntil(string queue, long expires, params string[] bodies)
    {
        var messages = bodies.Select(body => new IncomingMessage(
            new Message
            {
                Id = MessageId.New(Clock.Now),
                EnqueuedUnixMs = Clock.NowUnixMs,
                ExpiresUnixMs = expires,
                Source = "here",
                Body = Encoding.UTF8.GetBytes(body)
            },
            0)).ToList();
        Store.Submit(new EnqueueCommand([QueueId.Inbound(queue)], messages, Clock.NowUnixMs, done =>
        {
            foreach (var (id, stored) in done.Placed) Inboxes.OnStored(id, stored);
        }));
        Store.Run();
    }

    public void Receive(string connection, string queue, int credit, TimeSpan? lease = null, long subscription = 1)
    {
        Inboxes.Receive(connection, new Request.Receive(RequestId.FromNumber(subscription), queue, credit, lease),
            new Consumer(this, connection));
        Store.Run();
    }

    public void Stop(string connection, long subscription = 1)
    {
        Inboxes.Stop(connection, new Request.Stop(RequestId.FromNumber(subscription)), new Consumer(this, connection));
        Store.Run();
    }

    public void Lose(string connection)
    {
        Inboxes.OnConnectionLost(connection);
        Store.Run();
    }

    /// <summary>The messages sent to the consumer since the last call.</summary>
    public IReadOnlyList<Reply> Take(string connection)
    {
        var mail = _mail.GetValueOrDefault(connection) ?? [];
        _mail.Remove(connection);
        return mail;
    }

    public IReadOnlyList<Reply.Delivery> TakeDeliveries(string connection) => Take(connection).OfType<Reply.Delivery>().ToList();

    /// <summary>Bodies and delivery counts of what the consumer was sent, such as <c>a1 b2</c>.</summary>
    public string TakeBodies(string connection) => string.Join(" ", TakeDeliveries(connection).Select(Describe));

    public static string Describe(Reply.Delivery delivery) =>
        $"{Encoding.UTF8.GetString(delivery.Message.Body.Span)}{delivery.Message.Deliveries}";

    public Reply Complete(string connection, Reply.Delivery delivery) => Settle(connection, new Request.Complete(NextId(), delivery.Token));

    public Reply Abandon(string connection, Reply.Delivery delivery, TimeSpan delay = default) =>
        Settle(connection, new Request.Abandon(NextId(), delivery.Token, delay));

    public Reply Reject(string connection, Reply.Delivery delivery, string reason) =>
        Settle(connection, new Request.Reject(NextId(), delivery.Token, reason));

    public Reply Release(string connection, Reply.Delivery delivery) => Settle(connection, new Request.Release(NextId(), delivery.Token));

    public Reply Renew(string connection, Reply.Delivery delivery, TimeSpan? lease = null) =>
        Settle(connection, new Request.Renew(NextId(), delivery.Token, lease));

    public void After(TimeSpan time)
    {
        Clock.Advance(Clock.Now + time);
        Inboxes.Tick();
        Store.Run();
    }

    public long Waiting(string queue) => Store.State.Find(QueueId.Inbound(queue))?.Messages ?? 0;

    private Reply Settle(string connection, Request request)
    {
        var (id, token) = request switch
        {
            Request.Complete settle => (settle.Id, settle.Token),
            Request.Abandon settle => (settle.Id, settle.Token),
            Request.Reject settle => (settle.Id, settle.Token),
            Request.Release settle => (settle.Id, settle.Token),
            Request.Renew settle => (settle.Id, settle.Token),
            _ => throw new ArgumentException("settles nothing", nameof(request)),
        };
        Reply? answer = null;
        Inboxes.Settle(connection, request, id, token, reply => answer = reply);
        Store.Run();
        return answer ?? throw new InvalidOperationException("no answer");
    }

    private RequestId NextId() => RequestId.FromNumber(++_lastRequest);

    private sealed class Consumer(InboxBench bench, string connection) : IReplies
    {
        public void Send(Reply reply)
        {
            if (!bench._mail.TryGetValue(connection, out var mail)) bench._mail[connection] = mail = [];
            mail.Add(reply);
        }
    }
}
