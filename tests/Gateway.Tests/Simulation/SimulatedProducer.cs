using Gateway.Client;
using Gateway.Client.Wire;
using Gateway.Inbox;

namespace Gateway.Tests.Simulation;

/// <summary>
/// An application that enqueues, several requests at once, and repeats what was not answered, with the same ids, for as long as it takes;
/// and now and then what was, as one does that has lost its memory.
/// </summary>
internal sealed class SimulatedProducer(string name, SimulatedGateway gateway, SimulationProfile profile, SimulatedClock clock,
    Ledger ledger, Occurrences occurrences, Random random)
{
    private const int UnansweredMax = 4;

    /// <summary>One request in so many is one that was accepted before.</summary>
    private const int RepeatsOneIn = 12;

    /// <summary>Few enough that each comes often.</summary>
    private const int KeysMax = 12;

    private readonly Queue<Request.Enqueue> _toSend = [];
    private readonly Dictionary<RequestId, Request.Enqueue> _unanswered = [];
    private readonly List<Request.Enqueue> _accepted = [];

    /// <summary>
    /// When each request was sent for the first time, in true time: for as long as the ids are remembered it may be repeated, however
    /// clocks are set.
    /// </summary>
    private readonly Dictionary<MessageId, DateTimeOffset> _firstSent = [];
    private readonly Queue<Reply> _mail = [];
    private readonly IReadOnlyList<string> _destinations = SimulatedRoutes.Destinations(profile, gateway.IsCopy);
    private string? _connection;

    /// <summary>The process of the gateway to which it is connected, or was last.</summary>
    private SimulatedGateway? _connectedTo;
    private bool _isWelcome;
    private int _made;
    private int _lastConnection;
    private long _lastRequest;

    public SimulatedGateway Gateway => gateway;

    private SimulatedGateway At => _connectedTo ?? gateway;

    public bool IsDone => _made >= profile.MessagesPerProducer && _toSend.Count == 0 && _unanswered.Count == 0;

    public void Step()
    {
        if (At.IsFrozen && !LeavesFrozen()) return;
        if (_connection is null) Connect();
        else if (_mail.TryDequeue(out var reply)) On(reply);
        else if (_isWelcome && _unanswered.Count < UnansweredMax) Send();
    }

    /// <summary>The connection is gone: whatever was not answered is sent again, in any order relative to what is new.</summary>
    public void Disconnect()
    {
        if (_connection is not { } connection) return;
        _connection = null;
        _isWelcome = false;
        _mail.Clear();
        foreach (var request in _unanswered.Values) _toSend.Enqueue(request);
        _unanswered.Clear();
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
        At.OnClientFrames(_connection, new Request.Hello("1", name), new Replies(this, _connection));
    }

    private void Send()
    {
        var repeats = _accepted.Count > 0 && _made < profile.MessagesPerProducer && random.Next(RepeatsOneIn) == 0;
        var request = repeats ? _accepted[random.Next(_accepted.Count)] : _toSend.TryDequeue(out var waiting) ? waiting : Make();
        if (request is null) return;
        if (!MayBeSent(request))
        {
            _accepted.Remove(request);
            return;
        }

        if (repeats) occurrences.Count("enqueue repeated after its receipt");
        request = request with { Id = RequestId.FromNumber(++_lastRequest) };
        _unanswered.Add(request.Id, request);
        At.OnClientFrames(_connection!, request, new Replies(this, _connection!));
    }

    /// <summary>
    /// Its ids are remembered, if it was sent before. What was never answered in all that time is given up, since nobody could tell it from
    /// a new one.
    /// </summary>
    private bool MayBeSent(Request.Enqueue request)
    {
        _firstSent.TryAdd(request.Items[0].Id!.Value, clock.Now);
        if (clock.Now - _firstSent[request.Items[0].Id!.Value] < profile.Store.AcceptedIdsAge) return true;
        foreach (var item in request.Items) ledger.GivenUp(item.Id!.Value);
        occurrences.Count("producer gave up a repetition");
        return false;
    }

    private Request.Enqueue? Make()
    {
        if (_made >= profile.MessagesPerProducer) return null;
        var destination = _destinations[random.Next(_destinations.Count)];
        var items = new List<EnqueueItem>();
        for (var i = random.Next(1, 5); i > 0; i--)
        {
            var body = new byte[random.Next(profile.BodyBytesMax)];
            random.NextBytes(body);
            var expires = profile.HasExpiries && random.Next(4) == 0 ? clock.Now.AddMilliseconds(random.Next(1, 15_000))
                .ToUnixTimeMilliseconds() : 0;
            items.Add(new EnqueueItem(NewId(), HeadersFor(destination), expires, body));
        }

        _made += items.Count;
        foreach (var item in items)
        {
            var (id, expires) = (item.Id!.Value, item.ExpiresUnixMs > 0);
            if (SimulatedRoutes.SpreadQueueOf(destination) is { } queue)
                ledger.SentToOneOf(id, new SpreadMessage(queue, HeadersJson.Find(item.Headers.Span, "key"), expires));
            else ledger.Sent(id, expires, SimulatedRoutes.Targets(profile, destination));
        }

        return new Request.Enqueue(RequestId.FromNumber(0), destination, items);
    }

    private ReadOnlyMemory<byte> HeadersFor(string destination) => destination == SimulatedRoutes.Parted
        ? HeadersJson.Write(new Dictionary<string, string> { ["key"] = $"customer {random.Next(KeysMax)}" }) : default;

    private void On(Reply reply)
    {
        switch (reply)
        {
            case Reply.Welcome:
                _isWelcome = true;
                break;
            case Reply.Accepted accepted when _unanswered.Remove(accepted.Id, out var request):
                _accepted.Add(request);
                break;
            case Reply.Rejected
            {
                Code:
                WireCode.Busy or WireCode.Stopping or WireCode.StoreFull
            } rejected when _unanswered.Remove(rejected.Id, out var refused):
                if (rejected.Code == WireCode.StoreFull && !At.CanBeFull)
                    throw new SimulationException($"{gateway.Name} has room and says: {rejected.Text}");
                _toSend.Enqueue(refused);
                break;
            case Reply.Goodbye:
                Disconnect();
                break;
            default:
                throw new SimulationException($"{name} was answered {reply}");
        }
    }

    private void Receive(string connection, Reply reply)
    {
        // A receipt is a promise from the moment on which it is sent, whether it is read or not.
        if (reply is Reply.Accepted accepted)
        {
            foreach (var id in accepted.MessageIds) ledger.Accepted(id);
        }

        if (connection == _connection) _mail.Enqueue(reply);
    }

    private MessageId NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        return new MessageId(new Guid(bytes));
    }

    private sealed class Replies(SimulatedProducer producer, string connection) : IReplies
    {
        public void Send(Reply reply) => producer.Receive(connection, reply);
    }
}
