using System.Collections.Concurrent;
using Gateway.Client;
using Gateway.Client.Requests;
using Gateway.Client.Wire;

namespace Gateway.Tests.Client.Requests;

/// <summary>
/// A gateway with an application that replies, to be asked for its part by a <see cref="FakeGateway"/>. Called on that gateway's thread.
/// </summary>
internal sealed class FakeReplier
{
    private readonly List<DeliveredMessage> _early = [];
    private RequestId? _subscription;
    private readonly Dictionary<long, DeliveredMessage> _held = [];
    private long _tokens;

    /// <summary>Makes the messages that come to the reply queue after a request; by default one with its body.</summary>
    public Func<EnqueueItem, IEnumerable<DeliveredMessage>> Replies { get; set; } = item => [ReplyTo(item)];

    /// <summary>Whether the first completion fails, and its message comes again.</summary>
    public bool LosesLease { get; set; }

    /// <summary>The rejections, by their reasons.</summary>
    public ConcurrentQueue<string> Rejected { get; } = [];

    /// <summary>The messages that were completed.</summary>
    public ConcurrentQueue<MessageId> Completed { get; } = [];

    public static DeliveredMessage ReplyTo(EnqueueItem request, string? correlation = null) => new(
        MessageId.New(DateTimeOffset.UnixEpoch.AddYears(50)),
        1,
        HeadersJson.Write(new Dictionary<string, string> { [RequestHeaders.CorrelationId] = correlation ?? request.Id.ToString()! }),
        1,
        0,
        "far",
        request.Body);

    public IEnumerable<Reply> Answer(Request request)
    {
        switch (request)
        {
            case Request.Depth depth:
                return [new Reply.Depth(depth.Id, 0, 0, 0, "", "", "")];
            case Request.Receive receive:
                _subscription = receive.Subscription;
                List<Reply> waiting = [.. _early.Select(Deliver)];
                _early.Clear();
                return waiting;
            case Request.Enqueue { Destination: "work@far" } asked:
                return [.. FakeGateway.Obliging(request), .. asked.Items.SelectMany(Replies).SelectMany(Arrive)];
            case Request.Complete complete when LosesLease:
                LosesLease = false;
                return [
                    new Reply.Rejected(complete.Id, WireCode.LeaseLost, "it ran out"), Deliver(_held[complete.Token.Value]),
                ];
            case Request.Complete complete:
                Completed.Enqueue(_held[complete.Token.Value].Id);
                return FakeGateway.Obliging(request);
            case Request.Reject reject:
                Rejected.Enqueue(reject.Reason);
                return FakeGateway.Obliging(request);
            default:
                return FakeGateway.Obliging(request);
        }
    }

    /// <summary>A reply may be there before the client asks for any.</summary>
    private IEnumerable<Reply> Arrive(DeliveredMessage message)
    {
        if (_subscription is not null)
            return [Deliver(message)];
        _early.Add(message);
        return [];
    }

    private Reply Deliver(DeliveredMessage message)
    {
        _held[++_tokens] = message;
        return new Reply.Delivery(_subscription!.Value, new DeliveryToken(_tokens), message);
    }
}
