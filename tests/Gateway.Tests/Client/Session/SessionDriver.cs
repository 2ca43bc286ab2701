using Gateway.Client;
using Gateway.Client.Session;
using Gateway.Client.Wire;
using Shouldly;

namespace Gateway.Tests.Client.Session;

/// <summary>Drives a <see cref="ClientSession"/> by hand: its time moves only when told, and the gateway is the test.</summary>
internal sealed class SessionDriver
{
    public static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(30);

    private readonly RequestIds _ids = new();

    public SessionDriver()
    {
        var settings = new SessionSettings("test", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
        Session = new ClientSession(settings, _ids, new Random(1));
    }

    public ClientSession Session { get; }

    public TimeSpan Now { get; private set; }

    /// <summary>A driver whose session has had its WELCOME; the HELLO is taken out.</summary>
    public static SessionDriver Live(WireLimits? limits = null)
    {
        var driver = new SessionDriver();
        driver.Connect(limits);
        return driver;
    }

    /// <summary>
    /// Lets time pass until the session wants a connection, and welcomes it there. What is sent then stays in the outbox.
    /// </summary>
    public void Connect(WireLimits? limits = null)
    {
        Handle(new SessionEvent.Ticked());
        while (Session.Phase == SessionPhase.Waiting)
            Pass(TimeSpan.FromMilliseconds(25));
        Sent().ShouldHaveSingleItem().ShouldBeOfType<Request.Hello>();
        Reply(new Reply.Welcome("1", "fake", "00", limits ?? new WireLimits()));
        Session.Phase.ShouldBe(SessionPhase.Live);
    }

    public void Handle(SessionEvent happened) => Session.Handle(happened, Now);

    public void Reply(Reply reply) => Handle(new SessionEvent.Received(reply));

    public void Disconnect() => Handle(new SessionEvent.ConnectionEnded("cut"));

    /// <summary>One jump, one tick.</summary>
    public void Pass(TimeSpan time)
    {
        Now += time;
        Handle(new SessionEvent.Ticked());
    }

    /// <summary>Time passes in small ticks, and the gateway answers each PING.</summary>
    public void PassAlive(TimeSpan time)
    {
        for (var end = Now + time; Now < end;)
        {
            Pass(TimeSpan.FromMilliseconds(500));
            Reply(new Reply.Pong(default));
        }
    }

    public Call Enqueue(string body = "hi")
    {
        var item = new EnqueueItem(MessageId.New(DateTimeOffset.UnixEpoch), default, 0, System.Text.Encoding.UTF8.GetBytes(body));
        return Submit(id => new Request.Enqueue(id, "q@p", [item]));
    }

    public Call Submit(Func<RequestId, Request> request, int connection = 0)
    {
        var id = _ids.Next();
        var call = new Call(id, request(id), Now + RequestTimeout, connection);
        Handle(new SessionEvent.Submitted(call));
        return call;
    }

    public Subscription Subscribe(int prefetch, TimeSpan? lease = null, TimeSpan? leaseRenewalMax = null)
    {
        var subscription = new Subscription(_ids.Next(), "q", prefetch, lease, leaseRenewalMax);
        Handle(new SessionEvent.Subscribed(subscription));
        return subscription;
    }

    public void Deliver(Subscription subscription, long token) => Reply(new Reply.Delivery(
        subscription.Id,
        new DeliveryToken(token),
        new DeliveredMessage(MessageId.New(DateTimeOffset.UnixEpoch), 1, default, 1, 0, "fake", default)));

    /// <summary>Takes what is in the outbox.</summary>
    public List<Request> Sent()
    {
        var sent = new List<Request>();
        while (Session.Outbox.TryDequeue(out var frames))
        {
            RequestCodec.TryDecode([.. frames.Select(frame => frame.ToArray())], out var request, out _).ShouldBeTrue();
            sent.Add(request);
        }

        return sent;
    }

    public static Reply.Accepted Accept(Call call) =>
        new(call.Id, [.. ((Request.Enqueue)call.Request).Items.Select(item => item.Id!.Value)]);

    public static GatewayException FailureOf(Call call)
    {
        call.Answer.IsFaulted.ShouldBeTrue();
        return call.Answer.Exception!.InnerException.ShouldBeOfType<GatewayException>();
    }
}
