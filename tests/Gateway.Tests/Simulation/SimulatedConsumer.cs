using Gateway.Client;
using Gateway.Client.Wire;
using Gateway.Inbox;

namespace Gateway.Tests.Simulation;

/// <summary>
/// An application that receives from one queue and settles what it gets, in any order and any way, or forgets it; once it behaves well it
/// completes everything.
/// </summary>
internal sealed class SimulatedConsumer(
    string name, SimulatedGateway gateway, Destination queue, SimulationProfile profile, SimulatedClock clock, Ledger ledger, Random random)
{
    private static readonly RequestId _subscription = RequestId.FromNumber(0);

    private readonly Dictionary<DeliveryToken, Held> _held = [];
    private readonly Dictionary<RequestId, Held> _settling = [];
    private readonly Queue<Reply> _mail = [];
    private string? _connection;

    /// <summary>The process of the gateway to which it is connected, or was last.</summary>
    private SimulatedGateway? _connectedTo;
    private TimeSpan _lease;
    private Held? _renewing;
    private bool _isWelcome;
    private bool _isSubscribed;
    private bool _isStopped;
    private int _credit;
    private int _lastConnection;
    private long _lastRequest;

    public string Name => name;

    public SimulatedGateway Gateway => gateway;

    private SimulatedGateway At => _connectedTo ?? gateway;

    /// <summary>Completes whatever it gets, and asks for more.</summary>
    public bool BehavesWell { get; set; }

    public bool IsAt(string label, string name) => gateway.Label == label && queue.Queue == name;

    /// <summary>It has not come yet.</summary>
    public bool IsAway { get; set; }

    /// <summary>Takes what it can get, and settles nothing of it.</summary>
    public bool Keeps { get; set; }

    public void Step()
    {
        if (IsAway || (At.IsFrozen && !LeavesFrozen())) return;
        if (_connection is null) Connect();
        else if (_mail.TryDequeue(out var reply)) On(reply);
        else if (_isWelcome) Act();
    }

    /// <summary>It crashes, or its connection breaks.</summary>
    public void Disconnect()
    {
        if (_connection is not { } connection) return;
        _connection = null;
        _isWelcome = _isSubscribed = _isStopped = false;
        _credit = 0;
        _mail.Clear();
        ledger.LetGo(this);
        _held.Clear();
        _settling.Clear();
        At.OnClientLost(connection);
    }

    public void OnGatewayDown()
    {
        if (!At.IsRunning) Disconnect();
    }

    /// <summary>It goes to the other process of the gateway, if there is one, when the one that it knows does not answer.</summary>
    private bool LeavesFrozen()
    {
        if (!At.HasTwin || random.Next(30) > 0) return false;
        Disconnect();
        return true;
    }

    private void Connect()
    {
        _connectedTo = gateway.ToConnect();
        if (!At.IsListening || At.IsFrozen) return;
        _connection = $"{name}#{++_lastConnection}";
        Send(new Request.Hello("1", name));
    }

    private void Act()
    {
        if (_credit < 3 && (Keeps || (BehavesWell ? _held.Count == 0 : random.Next(3) == 0)))
        {
            var credit = random.Next(1, 8);
            _credit += credit;
            _isSubscribed = true;
            _isStopped = false;
            TimeSpan? lease = Keeps || BehavesWell || random.Next(2) == 0 ? null : TimeSpan.FromMilliseconds(random.Next(100, 1000));
            _lease = lease ?? profile.Inbox.Lease;
            Send(new Request.Receive(_subscription, queue.Queue, credit, lease));
        }
        else if (_held.Count > 0 && !Keeps)
        {
            // Leases that ran out are settled all the same: the answer is LeaseLost.
            Settle(_held.Values.ElementAt(random.Next(_held.Count)));
        }
        else if (!Keeps && !BehavesWell && _isSubscribed && random.Next(10) == 0)
        {
            _isSubscribed = false;
            Send(new Request.Stop(_subscription));
        }
    }

    private void Settle(Held held)
    {
        var id = RequestId.FromNumber(++_lastRequest);
        var what = BehavesWell ? 0 : random.Next(12);
        if (what == 11)
        {
            // Some are forgotten for ever: only the end of the lease brings them back.
            if (random.Next(2) == 0) _held.Remove(held.Token);
            return;
        }

        if (what != 10) _held.Remove(held.Token);
        _settling.Add(id, held with { IsCompletion = what < 6 });
        switch (what)
        {
            case < 6:
                ledger.Find(held.Id, queue).UnansweredCompletions++;
                LetGo(held);
                Send(new Request.Complete(id, held.Token));
                break;
            case < 8:
                LetGo(held);
                Send(new Request.Abandon(
                    id, held.Token, random.Next(2) == 0 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(random.Next(1, 4000))));
                break;
            case 8:
                LetGo(held);
                Send(new Request.Reject(id, held.Token, "not wanted"));
                break;
            case 9:
                LetGo(held);
                Send(new Request.Release(id, held.Token));
                break;
            default:
                _renewing = held;
                Send(new Request.Renew(id, held.Token, null));
                _renewing = null;
                break;
        }
    }

    private void Send(Request request)
    {
        var connection = _connection!;
        At.OnClientFrames(connection, request, new Replies(this, connection));
    }

    /// <summary>A delivery is entered into the ledger at once, and acted on later.</summary>
    private void Receive(string connection, Reply reply)
    {
        if (connection != _connection)
        {
            // The gateway stood still when this connection ended, and does not know that yet.
            if (reply is Reply.Delivery unheard) ledger.DeliveredInVain(unheard.Message.Id, queue);
            return;
        }

        if (reply is Reply.Stopped)
        {
            _isStopped = true;
            _credit = 0;
        }

        if (reply is Reply.Settled && _renewing is { } renewed) ExtendTo(renewed, clock.Now + profile.Inbox.Lease);
        if (reply is Reply.Settled settled && _settling.TryGetValue(settled.Id, out var done) && done.IsCompletion)
            ledger.CompletionAnswered(done.Id, queue, isConfirmed: true);
        if (reply is Reply.Rejected rejected && _settling.TryGetValue(rejected.Id, out var refused) && refused.IsCompletion)
            ledger.CompletionAnswered(refused.Id, queue, isConfirmed: false);
        if (reply is Reply.Delivery delivery)
        {
            if (_isStopped && !_isSubscribed) throw new SimulationException($"{name} was sent a message after STOPPED");
            if (--_credit < 0) throw new SimulationException($"{name} was sent more than its credit");
            ledger.Delivered(delivery.Message.Id, queue, delivery.Message.Deliveries, this, clock.Now, At.IsDisplaced);
            var held = new Held(delivery.Message.Id, delivery.Token);
            ExtendTo(held, clock.Now + _lease);
        }

        _mail.Enqueue(reply);
    }

    private void On(Reply reply)
    {
        switch (reply)
        {
            case Reply.Welcome:
                _isWelcome = true;
                break;
            case Reply.Delivery delivery:
                _held.Add(delivery.Token, new Held(delivery.Message.Id, delivery.Token));
                break;
            case Reply.Settled settled:
                _settling.Remove(settled.Id);
                break;
            case Reply.Rejected { Code: WireCode.LeaseLost } lost:
                _settling.Remove(lost.Id, out var gone);
                _held.Remove(gone!.Token);
                break;
            case Reply.Stopped:
                break;
            case Reply.Goodbye:
                Disconnect();
                break;
            default:
                throw new SimulationException($"{name} was answered {reply}");
        }
    }

    private void ExtendTo(Held held, DateTimeOffset until)
    {
        var entry = ledger.Find(held.Id, queue);
        if (entry.Holder == this) entry.HeldUntil = until;
    }

    private void LetGo(Held held)
    {
        var entry = ledger.Find(held.Id, queue);
        if (entry.Holder == this) entry.Holder = null;
    }

    private sealed record Held(MessageId Id, DeliveryToken Token, bool IsCompletion = false);

    private sealed class Replies(SimulatedConsumer consumer, string connection) : IReplies
    {
        public void Send(Reply reply) => consumer.Receive(connection, reply);
    }
}
